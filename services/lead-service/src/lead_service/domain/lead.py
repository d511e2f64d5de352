"""A lead: one person's interest in one car, from the first inquiry to a sale or a defeat."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from lead_service.domain.consent import Consent
from lead_service.domain.contact import Contact
from lead_service.domain.errors import LeadClosed
from lead_service.domain.escalation import Escalation
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle, Interest
from lead_service.domain.source import Source
from lead_service.domain.stage import Stage, step


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead as it stands. `next_contact_at` is when the dealer owes a contact; a closed lead is owed none.

    `missed_follow_ups` counts those of its present advisor; `neglected_at` is when they lose it if nothing happens.
    `respond_by` is when the first answer is owed, `response_minutes` the working time until it was given,
    `answerable_id` whose lead it was then, or when it was first reported overdue.
    `ranked_at` is its place in the worklist: the sooner, the more urgent.
    """

    dealer_id: UUID
    id: UUID
    store_id: UUID
    source: Source
    contact: Contact
    consents: tuple[Consent, ...]
    interest: Interest
    grade: Grade
    stage: Stage
    touches: int
    captured_at: datetime
    next_contact_at: datetime | None
    advisor_id: UUID | None = None
    decision_style: DecisionStyle | None = None
    referral_code: str | None = None
    note: str | None = None
    follow_up_missed: bool = False
    missed_follow_ups: int = 0
    neglected_at: datetime | None = None
    follow_up_escalation: Escalation = field(default_factory=Escalation)
    respond_by: datetime | None = None
    responded_at: datetime | None = None
    response_minutes: int | None = None
    response_escalation: Escalation = field(default_factory=Escalation)
    answerable_id: UUID | None = None
    ranked_at: datetime | None = None
    closed_at: datetime | None = None
    last_source: Source | None = None
    """Where the person was heard from last; None while it was captured and no more."""
    last_touched_at: datetime | None = None

    @property
    def awaits_response(self) -> bool:
        """Whether the first answer is still owed: a lead that is past `new`, or was reopened, awaits none."""
        return self.stage is Stage.NEW and self.respond_by is not None and self.responded_at is None

    @property
    def due_at(self) -> datetime | None:
        """When the dealer owes the person something next: the first answer, or the next contact."""
        owed = (self.respond_by if self.awaits_response else None, self.next_contact_at)
        return min((at for at in owed if at is not None), default=None)

    @property
    def level(self) -> int:
        """How far up it was reported that what is owed is late, the first answer or a contact; 0 is nowhere."""
        answer_level = self.response_escalation.level if self.awaits_response else 0
        return max(self.follow_up_escalation.level, answer_level)

    @property
    def last_touch(self) -> tuple[Source, datetime]:
        """The source that brought the lead last and when; `source` and `captured_at` are the first."""
        return self.last_source or self.source, self.last_touched_at or self.captured_at


def move(lead: Lead, to: Stage) -> Lead:
    """The open lead at stage `to`.

    Raises:
        LeadClosed: the lead is won or defeated.
        StageNotReachable: `to` is not open to a lead at this stage.
    """
    require_open(lead)
    return replace(lead, stage=step(lead.stage, to))


def close(lead: Lead, as_: Stage, *, at: datetime) -> Lead:
    """The open lead closed as won or defeated; nobody owes it a contact.

    Raises:
        LeadClosed: the lead is closed already.
    """
    require_open(lead)
    return replace(
        lead,
        stage=as_,
        closed_at=at,
        next_contact_at=None,
        follow_up_missed=False,
        neglected_at=None,
        follow_up_escalation=Escalation(),
        response_escalation=replace(lead.response_escalation, next_at=None),
        ranked_at=None,
    )


def reopen(lead: Lead, stage: Stage, *, due_at: datetime) -> Lead:
    """The closed lead open again at `stage`, with its next contact due at `due_at`.

    Its first answer, if none was given, is awaited no more: it stays overdue where it was when the lead was closed, and
    else was never owed.
    """
    was_owed = lead.responded_at or (lead.respond_by and lead.closed_at and lead.respond_by < lead.closed_at)
    reopened = replace(lead, stage=stage, closed_at=None, respond_by=lead.respond_by if was_owed else None)
    return owe_contact(reopened, due_at)


def owe_contact(lead: Lead, at: datetime) -> Lead:
    """The lead with its next contact due `at`; a missed due date before that is history."""
    return replace(
        lead,
        next_contact_at=at,
        follow_up_missed=False,
        neglected_at=None,
        follow_up_escalation=Escalation(next_at=at),
    )


def require_open(lead: Lead) -> None:
    """Let an open lead pass.

    Raises:
        LeadClosed: the lead is won or defeated.
    """
    if lead.stage.is_closed:
        raise LeadClosed(lead.id, lead.stage)
