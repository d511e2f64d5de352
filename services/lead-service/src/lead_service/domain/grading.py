"""An advisor's word over the clock: another grade, and another date for the next contact, each with its reason."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
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


def regrade(lead: Lead, grade: Grade, policy: LeadPolicy, *, at: datetime) -> Lead:
    """The open lead at this grade, with its next contact due by the grade's clock from now.

    A contact that is overdue stays so: to grade is not to be in touch. The grade it has already changes nothing.

    Raises:
        LeadClosed: the lead is won or defeated.
    """
    require_open(lead)
    if grade is lead.grade:
        return lead
    graded = replace(lead, grade=grade)
    if lead.next_contact_at is not None and lead.next_contact_at <= at:
        return graded
    return owe_contact(graded, policy.next_contact(grade, at, lead.store_id))


def reschedule(lead: Lead, to: datetime, policy: LeadPolicy, *, at: datetime) -> Lead:
    """The open lead with its next contact due `to`.

    Raises:
        LeadClosed: the lead is won or defeated.
        NextContactInThePast: `to` has passed.
        NextContactTooFar: `to` is later than the policy lets a lead of this grade wait.
        ContactOverdue: the contact that would be moved is late already; it can only be made.
    """
    require_open(lead)
    if to <= at:
        raise NextContactInThePast(to)
    furthest = at + timedelta(days=policy.working.furthest_contact_days[lead.grade])
    if to > furthest:
        raise NextContactTooFar(to, furthest, lead.grade)
    if lead.next_contact_at is not None and lead.next_contact_at <= at:
        raise ContactOverdue(lead.id, lead.next_contact_at)
    return owe_contact(lead, to)
