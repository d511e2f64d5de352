"""Two relays as one would write them at first. Both pass a test with one writer; both are wrong."""

import asyncio

from baoke_events.envelope import Record
from baoke_events.transports import Outgoing, Transport
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_LOCK_SOME = text("SELECT * FROM outbox ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED")
_DELETE = text("DELETE FROM outbox WHERE id = ANY(:ids)")
_ABOVE = text("SELECT * FROM outbox WHERE id > :last ORDER BY id LIMIT :batch")

BATCH = 5
IDLE_S = 0.01


class SkippingRelay:
    """Locks what nobody else has locked, sends it, deletes it. Replicas overtake one another.

    `hesitation_s` is how long a replica takes between reading and sending.
    """

    def __init__(self, engine: AsyncEngine, transport: Transport, *, hesitation_s: float = 0) -> None:
        self._engine, self._transport, self._hesitation_s = engine, transport, hesitation_s

    async def run(self) -> None:
        """Carry events until cancelled."""
        while True:
            async with self._engine.begin() as connection:
                sent = await self._carry(connection)
            await asyncio.sleep(0 if sent else IDLE_S)

    async def _carry(self, connection: AsyncConnection) -> int:
        outgoing = [_outgoing(row) for row in await connection.execute(_LOCK_SOME, {"batch": BATCH})]
        await asyncio.sleep(self._hesitation_s)
        delivery = await self._transport.deliver(outgoing)
        await connection.execute(_DELETE, {"ids": [item.id for item in delivery.acknowledged]})
        return len(outgoing)


class CursorRelay:
    """Remembers the last id it sent and reads what is above it. What commits later with a lower id is never seen."""

    def __init__(self, engine: AsyncEngine, transport: Transport) -> None:
        self._engine, self._transport, self._last = engine, transport, 0

    async def run(self) -> None:
        """Carry events until cancelled."""
        while True:
            async with self._engine.connect() as connection:
                rows = await connection.execute(_ABOVE, {"last": self._last, "batch": BATCH})
                outgoing = [_outgoing(row) for row in rows]
            await self._transport.deliver(outgoing)
            self._last = max((item.id for item in outgoing), default=self._last)
            await asyncio.sleep(0 if outgoing else IDLE_S)


def _outgoing(row) -> Outgoing:
    headers = [(name, value.encode()) for name, value in row.headers.items()]
    headers.append(("ce_sequence", str(row.sequence).encode()))
    return Outgoing(row.id, row.slot, Record(row.topic, row.key, tuple(headers), row.payload))
