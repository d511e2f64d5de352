"""The first answer that a new lead is owed (响应时限)."""

from dataclasses import replace
from datetime import datetime, timedelta

from lead_service.domain.calendar import WorkingCalendar
from lead_service.domain.lead import Lead

MINUTE = timedelta(minutes=1)


def answer(lead: Lead, calendar: WorkingCalendar, *, at: datetime) -> Lead:
    """The lead after a contact: its first one is the answer, later ones change nothing here.

    `response_minutes` are whole minutes of working time since it was captured.
    """
    if not lead.awaits_response:
        return lead
    minutes = calendar.working_time_between(lead.captured_at, at) // MINUTE
    ended = replace(lead.response_escalation, next_at=None)
    return replace(lead, responded_at=at, response_minutes=minutes, response_escalation=ended)


def answered_in_time(lead: Lead) -> bool | None:
    """Whether the first answer came by its time; None where none was owed, or none has come."""
    if lead.respond_by is None or lead.responded_at is None:
        return None
    return lead.responded_at <= lead.respond_by
