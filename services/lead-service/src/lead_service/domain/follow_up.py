"""Following up: what a contact with a lead's person changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lead_service.domain.errors import PostponedWithoutReason
from lead_service.domain.grading import chosen
from lead_service.domain.lead import Lead, owe_contact, require_open
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.response import answer
from lead_service.domain.script import Content
from lead_service.domain.stage import Stage, ahead


class ContactChannel(StrEnum):
    """How the dealer got in touch."""

    PHONE = "phone"
    SMS = "sms"
    WECOM = "wecom"
    EMAIL = "email"
    VIDEO = "video"
    IN_PERSON = "in_person"
    OTHER = "other"


class ContactOutcome(StrEnum):
    """What came of it."""

    REACHED = "reached"
    INTERESTED = "interested"
    HESITANT = "hesitant"
    CALL_BACK = "call_back"
    APPOINTMENT_MADE = "appointment_made"
    NOT_INTERESTED = "not_interested"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"

    @property
    def reached_the_person(self) -> bool:
        """Whether somebody was talked to."""
        return self not in (ContactOutcome.NO_ANSWER, ContactOutcome.WRONG_NUMBER)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One contact that the dealer made, or tried to, and the script that was used, if one was.

    `advisor_id` is who made it, whosever lead it is; None for one that no advisor made.
    """

    id: UUID
    channel: ContactChannel
    outcome: ContactOutcome
    note: str | None
    advisor_id: UUID | None
    made_at: datetime
    due_at: datetime
    next_contact_at: datetime
    script_id: UUID | None = None
    content: Content | None = None

    @property
    def on_time(self) -> bool:
        """Whether it was made by the time it was due."""
        return self.made_at <= self.due_at


def follow_up(
    lead: Lead,
    outcome: ContactOutcome,
    *,
    next_contact_at: datetime | None,
    note: str | None,
    policy: LeadPolicy,
    at: datetime,
) -> Lead:
    """The open lead after a contact: the grade's clock starts anew, or at the date the advisor chose.

    The first person reached takes a new lead to `contacted`, an appointment to `appointed`.

    Raises:
        LeadClosed: the lead is won or defeated.
        NextContactInThePast: the chosen date has passed.
        NextContactTooFar: it is later than the policy lets a lead of this grade wait.
        PostponedWithoutReason: it is later than the grade's clock, and no `note` says why.
    """
    require_open(lead)
    due = _next_contact(lead, next_contact_at, note, policy, at)
    reached = Stage.APPOINTED if outcome is ContactOutcome.APPOINTMENT_MADE else Stage.CONTACTED
    stage = ahead(lead.stage, reached) if outcome.reached_the_person else lead.stage
    return owe_contact(replace(answer(lead, policy.working, at=at), stage=stage), due)


def _next_contact(lead: Lead, to: datetime | None, note: str | None, policy: LeadPolicy, at: datetime) -> datetime:
    clock_at = policy.next_contact(lead.grade, at, lead.store_id)
    if to is None:
        return clock_at
    due = chosen(lead, to, policy, furthest=policy.working.furthest_contact(lead.grade, at), at=at)
    if due > clock_at and not note:
        raise PostponedWithoutReason(due, clock_at)
    return due
