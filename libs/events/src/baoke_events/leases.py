"""Relay replicas share the outbox's slots by leases.

A lease saves work. Order and exactly-once do not rest on it: two relays that send the same slot
send the same prefix, and the inbox drops what comes twice.
"""

from math import ceil
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from baoke_events.ids import uuid7
from baoke_events.tables import SLOTS

_ANNOUNCE = text("""
INSERT INTO relay_member (owner, expires_at) VALUES (:owner, now() + make_interval(secs => :ttl_s))
ON CONFLICT (owner) DO UPDATE SET expires_at = excluded.expires_at
""")
_FORGET_DEAD = text("DELETE FROM relay_member WHERE expires_at <= now()")
_MEMBERS = text("SELECT count(*) FROM relay_member")
_RENEW = text("""
UPDATE relay_lease SET expires_at = now() + make_interval(secs => :ttl_s)
WHERE owner = :owner AND expires_at > now() RETURNING slot
""")
_TAKE = text("""
INSERT INTO relay_lease (slot, owner, expires_at)
SELECT slot, :owner, now() + make_interval(secs => :ttl_s) FROM generate_series(0, :last_slot) AS slot
WHERE slot NOT IN (SELECT slot FROM relay_lease WHERE expires_at > now()) ORDER BY slot LIMIT :wanted
ON CONFLICT (slot) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
WHERE relay_lease.expires_at <= now() RETURNING slot
""")
_GIVE_UP = text("DELETE FROM relay_lease WHERE owner = :owner AND slot = ANY(CAST(:slots AS smallint[]))")
_LEAVE = text("DELETE FROM relay_member WHERE owner = :owner")


class Leases:
    """One relay's share of the slots."""

    def __init__(self, engine: AsyncEngine, *, ttl_s: float = 10) -> None:
        self.owner: UUID = uuid7()
        self.ttl_s = ttl_s
        self.slots: frozenset[int] = frozenset()
        self._engine = engine

    async def renew(self) -> frozenset[int]:
        """Keep what is ours, up to a fair share; take what nobody holds. Returns the slots held now."""
        mine = {"owner": self.owner, "ttl_s": self.ttl_s}
        async with self._engine.begin() as connection:
            await connection.execute(_ANNOUNCE, mine)
            await connection.execute(_FORGET_DEAD)
            fair = ceil(SLOTS / (await connection.scalar(_MEMBERS) or 1))
            held = sorted((await connection.scalars(_RENEW, mine)).all())
            surplus, held = held[fair:], held[:fair]
            if surplus:
                await connection.execute(_GIVE_UP, {"owner": self.owner, "slots": surplus})
            elif len(held) < fair:
                wanted = {**mine, "last_slot": SLOTS - 1, "wanted": fair - len(held)}
                held += (await connection.scalars(_TAKE, wanted)).all()
        self.slots = frozenset(held)
        return self.slots

    async def release(self) -> None:
        """Leave at once, so that the others need not wait for the leases to run out."""
        async with self._engine.begin() as connection:
            await connection.execute(_GIVE_UP, {"owner": self.owner, "slots": list(self.slots)})
            await connection.execute(_LEAVE, {"owner": self.owner})
        self.slots = frozenset()
