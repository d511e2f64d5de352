"""Finding out what became of approaches to lost leads."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import opportunities as db_opportunities
from lead_service.db.opportunities import Found
from lead_service.domain.opportunity import settle

BATCH = 500
"""Opportunities ended in one transaction."""


async def settle_after(session: AsyncSession, leads: Sequence[tuple[UUID, UUID]], *, now: datetime) -> None:
    """Whoever came back with one of these (dealer, lead) pairs, or bought with it, counts as such.

    The order in which that is heard does not matter, nor how often: what is on record is what the leads say.
    """
    await _settle(session, await db_opportunities.lock_touched(session, leads), now)


async def end_expired(session: AsyncSession, *, now: datetime) -> int:
    """Up to `BATCH` opportunities whose time is over have ended. Answers how many were due."""
    due = await db_opportunities.lock_due(session, now=now, limit=BATCH)
    await _settle(session, due, now)
    return len(due)


async def _settle(session: AsyncSession, found: Sequence[Found], now: datetime) -> None:
    settled = [(before, settle(before, successor, at=now)) for before, successor in found]
    changed = [after for before, after in settled if after != before]
    await db_opportunities.save(session, changed)
    await publish(session, [facts.reactivation_ended(opportunity, at=now) for opportunity in changed])
