"""Calling back what was said, or was to be said, with a signal that was withdrawn."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import opportunities as db_opportunities
from lead_service.db import signals as db_signals

BATCH = 2_000
"""Opportunities ended in one transaction: a fraction of a second, however many the signal has."""


async def recall_approaches(session: AsyncSession, *, now: datetime) -> int:
    """The next batch of what is open of the oldest withdrawn signal has ended. Answers how much there was to do.

    How far that has come is kept beside it, so that another worker goes on where one died; 0 is nothing to do.
    """
    found = await db_signals.lock_next_to_recall(session)
    if found is None:
        return 0
    signal = found.signal
    like = facts.withdrawn(signal, origin=found.origin, at=now)
    ended, last = await db_opportunities.recall(session, signal, found.through, limit=BATCH, like=like, at=now)
    await db_signals.recalled(session, signal, last or found.through, at=now if ended < BATCH else None)
    return max(ended, 1)
