"""The first answer that a new lead is owed (响应时限)."""

from dataclasses import replace
from datetime import datetime, timedelta

from lead_service.domain.lead import Lead
from lead_service.domain.working import WorkingPolicy

MINUTE = timedelta(minutes=1)


def answer(lead: Lead, policy: WorkingPolicy, *, at: datetime) -> Lead:
    """The lead after something that answers its person: a contact, a step past `new`, a sale. Only the first counts.

    `response_minutes` are whole minutes of working time since it was captured.
    """
    if not lead.awaits_response:
        return lead
    owed, calendar = owed_by_now(lead, policy), policy.calendar_of(lead.store_id)
    return replace(
        owed,
        responded_at=at,
        response_minutes=calendar.working_time_between(lead.captured_at, at) // MINUTE,
        response_escalation=replace(lead.response_escalation, next_at=None),
        answerable_id=lead.answerable_id if lead.response_escalation.level else lead.advisor_id,
    )


def owed_by_now(lead: Lead, policy: WorkingPolicy) -> Lead:
    """The lead that awaits its answer, by the rules in force: a holiday that was entered since puts it off.

    What was reported overdue stays so, and nothing becomes due sooner.
    """
    if lead.respond_by is None or lead.response_escalation.level:
        return lead
    anew = policy.respond_by(lead.source.channel, lead.store_id, lead.captured_at)
    return replace(lead, respond_by=max(lead.respond_by, anew))


def answered_in_time(lead: Lead) -> bool | None:
    """Whether the first answer came by its time; None where none was owed, or none has come."""
    if lead.respond_by is None or lead.responded_at is None:
        return None
    return lead.responded_at <= lead.respond_by
