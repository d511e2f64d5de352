"""Saying that nobody answered a new lead in time, ever further up."""

from datetime import datetime

from baoke_chassis.policy import policy_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.keep_leads import keep
from lead_service.db import leads as db_leads
from lead_service.domain.overdue import escalate_response
from lead_service.domain.policy import LeadPolicy

BATCH = 500
"""Leads reported in one transaction."""


async def report_overdue_responses(session: AsyncSession, *, now: datetime) -> int:
    """Up to `BATCH` unanswered leads are reported to the level they have come to, each level once.

    Answers how many were looked at; one that fell due while its store is closed waits until it opens.
    """
    overdue = await db_leads.lock_unanswered(session, now=now, limit=BATCH)
    policies = await policy_of(session, {lead.dealer_id for lead in overdue}, LeadPolicy)
    looked = [(lead, escalate_response(lead, policies[lead.dealer_id], at=now)) for lead in overdue]
    risen = [after for before, after in looked if after.response_escalation.level > before.response_escalation.level]
    await keep(session, [after for _, after in looked], policies, at=now)
    await publish(
        session,
        [facts.response_overdue(lead, respond_by=lead.respond_by or now, at=now) for lead in risen],
    )
    return len(overdue)
