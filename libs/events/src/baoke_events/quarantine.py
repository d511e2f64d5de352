"""What Kafka refuses for good is set aside with all that follows of its key, until an operator lets it go.

Relays and operators take turns per key (an advisory lock), so that a release holds while relays run: a relay that
still believes the key to be aside asks the table again before it moves anything there.
"""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from baoke_events.outbox import slot_of

_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended('quarantine/' || :topic || '/' || :key, 0))")
_SET_ASIDE = text("""
WITH aside AS (
    SELECT :first OR EXISTS (SELECT FROM outbox_quarantine WHERE topic = :topic AND key = :key) AS is_so
), moved AS (
    DELETE FROM outbox USING aside WHERE is_so AND slot = :slot AND topic = :topic AND key = :key
    RETURNING event_id, topic, key, sequence, headers, payload, created_at
), kept AS (
    INSERT INTO outbox_quarantine (event_id, topic, key, sequence, headers, payload, created_at, reason)
    SELECT event_id, topic, key, sequence, headers, payload, created_at, :reason FROM moved
)
SELECT is_so FROM aside
""")
_HOLD_PUBLISHERS = text("SELECT FROM stream_head WHERE topic = :topic AND key = :key FOR UPDATE")
_RELEASE = text("""
WITH freed AS (
    DELETE FROM outbox_quarantine WHERE topic = :topic AND key = :key
    RETURNING topic, key, sequence, event_id, headers, payload, created_at
), behind AS (
    DELETE FROM outbox WHERE slot = :slot AND topic = :topic AND key = :key AND EXISTS (SELECT FROM freed)
    RETURNING topic, key, sequence, event_id, headers, payload, created_at
), back AS (
    INSERT INTO outbox (slot, topic, key, sequence, event_id, headers, payload, created_at)
    SELECT CAST(:slot AS smallint), * FROM (TABLE freed UNION ALL TABLE behind) AS e ORDER BY sequence
)
SELECT count(*) FROM freed
""")
_DISCARD = text("""
WITH gone AS (
    DELETE FROM outbox_quarantine WHERE event_id IN (
        SELECT event_id FROM outbox_quarantine WHERE topic = :topic AND key = :key
        ORDER BY sequence LIMIT CASE WHEN :all THEN NULL ELSE 1 END
    )
    RETURNING event_id, topic, key, headers, reason
), noted AS (
    INSERT INTO discarded_event (event_id, taken_from, topic, key, type, error, reason)
    SELECT event_id, 'quarantine', topic, key, headers ->> 'ce_type', gone.reason, :reason FROM gone
)
SELECT count(*) FROM gone
""")


class Key(NamedTuple):
    """One key of a topic."""

    topic: str
    key: str

    @property
    def bound(self) -> dict[str, str | int]:
        """As the statements name it, with its outbox slot."""
        return {"topic": self.topic, "key": self.key, "slot": slot_of(self.key)}


async def set_aside(connection: AsyncConnection, key: Key, reason: str, *, first: bool) -> bool:
    """Move what waits of the key out of the outbox; where it is not the `first`, only if some of it is aside already.

    Returns whether the key is aside now. An operator may have released it since the caller last looked.
    """
    await connection.execute(_TAKE_TURNS, {"topic": key.topic, "key": key.key})
    aside: bool = (await connection.execute(_SET_ASIDE, {**key.bound, "reason": reason, "first": first})).scalar_one()
    return aside


async def release(session: AsyncSession, key: Key) -> int:
    """Put what was set aside of the key back into the outbox, before what was published since. Returns how many.

    Nobody publishes to the key until the caller's transaction ends, so the order of its versions is that of its rows.
    """
    await session.execute(_HOLD_PUBLISHERS, {"topic": key.topic, "key": key.key})
    await session.execute(_TAKE_TURNS, {"topic": key.topic, "key": key.key})
    count: int = (await session.execute(_RELEASE, key.bound)).scalar_one()
    return count


async def discard(session: AsyncSession, key: Key, *, reason: str, all: bool = False) -> int:
    """Give up the first of what was set aside of the key, or all of it. Returns how many; why is kept."""
    await session.execute(_TAKE_TURNS, {"topic": key.topic, "key": key.key})
    bound = {"topic": key.topic, "key": key.key, "reason": reason, "all": all}
    count: int = (await session.execute(_DISCARD, bound)).scalar_one()
    return count
