"""Two relays as one would write them at first. Both pass a test with one writer; both are wrong."""

import asyncio
from collections.abc import Sequence
from typing import Self

from baoke_events.envelope import Record
from baoke_events.transports import Outgoing, Transport
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_LOCK_SOME = text("SELECT * FROM outbox ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED")
_DELETE = text("DELETE FROM outbox WHERE id = ANY(:ids)")
_ABOVE = text("SELECT * FROM outbox WHERE id > :last ORDER BY id LIMIT :batch")

BATCH = 5
IDLE_S = 0.01


class SkippingRelay:
    """Locks what nobody else has locked, sends it, deletes it. Replicas overtake one another.

    A replica with a `rival` stalls once between reading and sending, as any process may. The rival comes in for it, and
    has sent something later of a key that is held when the replica goes on.
    """

    def __init__(self, engine: AsyncEngine, transport: Transport, *, rival: Self | None = None) -> None:
        self._engine, self._transport, self._rival = engine, transport, rival
        self._sent: dict[str, int] = {}

    async def run(self) -> None:
        """Carry events until cancelled."""
        async with asyncio.TaskGroup() as replicas:
            while True:
                async with self._engine.begin() as connection:
                    sent = await self._carry(connection, replicas)
                await asyncio.sleep(0 if sent else IDLE_S)

    async def _carry(self, connection: AsyncConnection, replicas: asyncio.TaskGroup) -> int:
        rows = (await connection.execute(_LOCK_SOME, {"batch": BATCH})).all()
        if rows and self._rival is not None:
            replicas.create_task(self._rival.run())
            await self._rival._overtakes(rows)
            self._rival = None
        delivery = await self._transport.deliver([_outgoing(row) for row in rows])
        self._sent.update({row.key: row.sequence for row in rows})
        await connection.execute(_DELETE, {"ids": [item.id for item in delivery.acknowledged]})
        return len(rows)

    async def _overtakes(self, rows: Sequence[Row]) -> None:
        while not any(self._sent.get(row.key, 0) > row.sequence for row in rows):
            await asyncio.sleep(IDLE_S)


class CursorRelay:
    """Remembers the last id it sent and reads what is above it. What commits later with a lower id is never seen."""

    def __init__(self, engine: AsyncEngine, transport: Transport) -> None:
        self._engine, self._transport, self.last = engine, transport, 0

    async def run(self) -> None:
        """Carry events until cancelled."""
        while True:
            async with self._engine.connect() as connection:
                rows = await connection.execute(_ABOVE, {"last": self.last, "batch": BATCH})
                outgoing = [_outgoing(row) for row in rows]
            await self._transport.deliver(outgoing)
            self.last = max((item.id for item in outgoing), default=self.last)
            await asyncio.sleep(0 if outgoing else IDLE_S)


def _outgoing(row) -> Outgoing:
    headers = [(name, value.encode()) for name, value in row.headers.items()]
    headers.append(("ce_sequence", str(row.sequence).encode()))
    return Outgoing(row.id, row.slot, Record(row.topic, row.key, tuple(headers), row.payload))
