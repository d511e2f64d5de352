"""Saying that a contact fell due and nobody made it."""

from dataclasses import replace
from datetime import datetime

from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import leads as db_leads
from lead_service.domain.escalation import Escalation

BATCH = 500
"""Leads reported in one transaction."""


async def report_missed_follow_ups(session: AsyncSession, *, now: datetime) -> int:
    """Up to `BATCH` overdue leads are reported, each once per due date. Answers how many were."""
    overdue = await db_leads.lock_overdue(session, now=now, limit=BATCH)
    await db_leads.save(
        session, [replace(lead, follow_up_missed=True, follow_up_escalation=Escalation(1)) for lead in overdue]
    )
    await publish(
        session, [facts.follow_up_missed(lead, due_at=lead.next_contact_at or now, at=now) for lead in overdue]
    )
    return len(overdue)
