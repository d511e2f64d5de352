"""A parked event that nobody can mend is given up, and why is kept."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_events.consuming import parking
from baoke_events.quarantine import Key

_DISCARD = text("""
WITH gone AS (
    DELETE FROM parked_event WHERE id = ANY(CAST(:ids AS bigint[]))
    RETURNING event_id, topic, key, headers, error
)
INSERT INTO discarded_event (event_id, taken_from, topic, key, type, error, reason)
SELECT event_id, 'parked', topic, key, headers ->> 'ce_type', error, :reason FROM gone
""")


async def discard(session: AsyncSession, consumer: str, key: Key, *, reason: str, all: bool = False) -> int:
    """Give up the first parked event of the key, or all of them. Returns how many.

    The inbox goes on remembering them: should one arrive again, it stays given up.
    """
    waiting = await parking.waiting_of(session, consumer, key.topic, key.key)
    given_up = waiting if all else waiting[:1]
    await session.execute(_DISCARD, {"ids": [item.id for item in given_up], "reason": reason})
    return len(given_up)
