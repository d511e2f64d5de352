"""An advisor's word over the clock: another grade, and another date for the next contact, each with its reason."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from lead_service.domain.errors import ContactOverdue, NextContactInThePast, NextContactTooFar
from lead_service.domain.grade import Grade
from lead_service.domain.lead import Lead, owe_contact, require_open
from lead_service.domain.policy import LeadPolicy


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A grade that somebody gave a lead over the one it had, and why."""

    id: UUID
    from_grade: Grade
    to_grade: Grade
    reason: str
    graded_by: str
    graded_at: datetime


@dataclass(frozen=True, slots=True)
class ContactMove:
    """A next contact that somebody put on another date, and why."""

    id: UUID
    from_at: datetime
    to_at: datetime
    reason: str
    moved_by: str
    moved_at: datetime


def regrade(lead: Lead, grade: Grade, policy: LeadPolicy, *, since: datetime, at: datetime) -> Lead:
    """The open lead at this grade, with its next contact due by the grade's clock from now.

    To grade is not to be in touch: a contact that is overdue stays so, and none is put off further than the policy
    lets a lead of this grade wait `since` its last contact, or its capture. The grade it has already changes nothing.

    Raises:
        LeadClosed: the lead is won or defeated.
    """
    require_open(lead)
    if grade is lead.grade:
        return lead
    graded = replace(lead, grade=grade)
    due, furthest = lead.next_contact_at or at, policy.working.furthest_contact(grade, since)
    clock_at = policy.next_contact(grade, at, lead.store_id)
    if due <= at or due < clock_at > furthest:
        return graded
    return owe_contact(graded, clock_at)


def reschedule(lead: Lead, to: datetime, policy: LeadPolicy, *, since: datetime, at: datetime) -> Lead:
    """The open lead with its next contact due `to`, or a while after its store opens again.

    How often it is moved makes no difference: the lead waits `since` its last contact, or its capture.

    Raises:
        LeadClosed: the lead is won or defeated.
        NextContactInThePast: `to` has passed.
        NextContactTooFar: `to` is later than the policy lets a lead of this grade wait.
        ContactOverdue: the contact that would be moved is late already; it can only be made.
    """
    require_open(lead)
    furthest = max(policy.working.furthest_contact(lead.grade, since), lead.next_contact_at or since)
    due = chosen(lead, to, policy, furthest=furthest, at=at)
    if lead.next_contact_at is not None and lead.next_contact_at <= at:
        raise ContactOverdue(lead.id, lead.next_contact_at)
    return owe_contact(lead, due)


def chosen(lead: Lead, to: datetime, policy: LeadPolicy, *, furthest: datetime, at: datetime) -> datetime:
    """When a contact is due that somebody puts on `to`: then, or a while after the lead's store opens again.

    Raises:
        NextContactInThePast: `to` has passed.
        NextContactTooFar: it is later than `furthest`.
    """
    if to <= at:
        raise NextContactInThePast(to)
    if to > furthest:
        raise NextContactTooFar(to, furthest, lead.grade)
    return policy.working.follow_up_due(to, lead.store_id)
