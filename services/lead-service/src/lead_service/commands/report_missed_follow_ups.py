"""Saying that a contact fell due and nobody made it, ever further up."""

from datetime import datetime

from baoke_chassis.policy import policy_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import follow_ups as db_follow_ups
from lead_service.db import leads as db_leads
from lead_service.domain.overdue import escalate_follow_up
from lead_service.domain.policy import LeadPolicy

BATCH = 500
"""Leads reported in one transaction."""


async def report_missed_follow_ups(session: AsyncSession, *, now: datetime) -> int:
    """Up to `BATCH` overdue leads are reported to the level they have come to, each level once per due date.

    Answers how many were looked at; one that fell due while its store is closed waits until it opens.
    """
    overdue = await db_leads.lock_overdue(session, now=now, limit=BATCH)
    policies = await policy_of(session, {lead.dealer_id for lead in overdue}, LeadPolicy)
    looked = [(lead, escalate_follow_up(lead, policies[lead.dealer_id], at=now)) for lead in overdue]
    risen = [(b, a) for b, a in looked if a.follow_up_escalation.level > b.follow_up_escalation.level]
    await db_leads.save(session, [after for _, after in looked], at=now)
    await db_follow_ups.add_missed(session, [after for before, after in risen if not before.follow_up_missed])
    await publish(
        session, [facts.follow_up_missed(lead, due_at=lead.next_contact_at or now, at=now) for _, lead in risen]
    )
    return len(overdue)
