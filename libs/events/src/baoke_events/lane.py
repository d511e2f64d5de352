"""A lane carries the events of some slots: it reads their prefixes, hands them on, and deletes what was acknowledged.

It reads each slot in id order, never skips a locked row and never trusts a cursor: a transaction that commits late
leaves a row *below* ids already sent, so the marks from which it reads move only when no such row can appear
(`marks.py`). That row belongs to another key, because `publish` locks its keys, so the order within a key holds.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from contextlib import suppress
from time import monotonic

from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncEngine

from baoke_events.driver import driver
from baoke_events.envelope import Record
from baoke_events.marks import Marks
from baoke_events.quarantine import Key, set_aside
from baoke_events.telemetry import pass_done, pass_failed, sending
from baoke_events.transports import Delivery, Outgoing, Transport

log = logging.getLogger(__name__)

ROWS_PER_SLOT = 100
"""At most 3,200 rows a pass: more would not cost less each, and must be read and sent within a lease."""
KEYS_ASIDE_EVERY_S = 1.0
IDLE_S = (0.005, 0.1)
"""An idle lane polls at first every 5 ms, then ever slower, down to every 100 ms. A bell wakes it sooner."""
BACK_OFF_S = (0.1, 5.0)

_HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_PREFIXES = """
SELECT o.id, o.slot, o.topic, o.key, o.sequence, o.headers::text, o.payload
FROM unnest($1::smallint[], $2::bigint[]) AS wanted (slot, above)
CROSS JOIN LATERAL (
    SELECT * FROM outbox WHERE outbox.slot = wanted.slot AND outbox.id > wanted.above ORDER BY outbox.id LIMIT $3
) AS o
ORDER BY o.slot, o.id
"""
_DELETE = """
WITH gone AS (
    DELETE FROM outbox USING unnest($1::smallint[], $2::bigint[]) AS sent (slot, id)
    WHERE outbox.slot = sent.slot AND outbox.id = sent.id
)
SELECT pg_current_xact_id()::text::bigint
"""
_KEYS_ASIDE = "SELECT DISTINCT topic, key FROM outbox_quarantine"


class Lane:
    """Some slots of one relay; one pass over them is under way at a time."""

    def __init__(self, engine: AsyncEngine, transport: Transport, *, service: str) -> None:
        self._engine = engine
        self._transport = transport
        self._service = service
        self.marks = Marks()
        self.rows_per_slot = ROWS_PER_SLOT
        self._slots: Sequence[int] = []
        self._held_until = 0.0
        self._horizon = 0
        self._keys_aside: set[Key] = set()
        self._keys_aside_at = 0.0
        self._idle_s, self._back_off_s = IDLE_S[0], BACK_OFF_S[0]
        self._wakeup = asyncio.Event()
        self._stopping = asyncio.Event()

    def own(self, slots: Sequence[int], *, until: float) -> None:
        """Read these from now on; what was read is sent until then (by `time.monotonic`)."""
        if slots != self._slots:
            self.marks = Marks()  # one that moves while nobody here reads its slot would pass what commits there
            self._keys_aside_at = 0.0  # the last owner may have set keys aside
        self._slots, self._held_until = slots, until

    def wake(self) -> None:
        """There is something to send."""
        self._wakeup.set()

    def stop(self) -> None:
        """Finish the pass in hand."""
        self._stopping.set()
        self._wakeup.set()

    async def carry_until(self, end: float) -> None:
        """Pass after pass until then, or until stopped, with pauses where there is nothing to carry or it fails."""
        while not self._stopping.is_set() and (left_s := end - monotonic()) > 0:
            sent, left = await self._try_to_carry()
            if sent:
                self._idle_s, self._back_off_s = IDLE_S[0], BACK_OFF_S[0]
            elif left:
                await pause(self._stopping, min(self._back_off_s, left_s))
                self._back_off_s = min(self._back_off_s * 2, BACK_OFF_S[1])
            else:
                await pause(self._wakeup, min(self._idle_s, left_s))
                self._wakeup.clear()
                self._idle_s = min(self._idle_s * 1.5, IDLE_S[1])

    async def _try_to_carry(self) -> tuple[int, int]:
        try:
            return await self.carry()
        except Exception as error:
            log.warning("relay of %s failed, trying again", self._service, exc_info=True)
            pass_failed(self._service, error)
            self.marks = Marks()  # the server that comes back may be a restored one, whose ids begin lower
            return 0, 1

    async def carry(self) -> tuple[int, int]:
        """One pass: read the prefixes, hand them on, delete what was taken. Returns (taken, left for the next pass).

        What was read is not sent once the lease is about to end: a relay that slept through it would say an old thing
        after its successor said a newer one. The next pass is half as large then: it may be the reading that was slow.
        """
        outgoing = await self._read()
        if not outgoing:
            self.marks.settle(self._horizon, {})
            return 0, 0
        if monotonic() > self._held_until:
            self.rows_per_slot = max(1, self.rows_per_slot // 2)
            return 0, len(outgoing)
        self.rows_per_slot = min(ROWS_PER_SLOT, self.rows_per_slot * 2)
        delivery = self._aside(outgoing)
        aside = {id(item) for item, _ in delivery.refused}
        with sending(self._service, self._transport.system, outgoing, delivery):
            delivery.absorb(await self._transport.deliver([item for item in outgoing if id(item) not in aside]))
        await self._settle(outgoing, delivery)
        taken = len(delivery.acknowledged) + len(delivery.refused)
        pass_done(self._service, delivery, left=len(outgoing) - taken)
        return taken, len(outgoing) - taken

    async def _read(self) -> list[Outgoing]:
        async with driver(self._engine) as connection:
            if monotonic() >= self._keys_aside_at:
                self._keys_aside = {Key(row["topic"], row["key"]) for row in await connection.fetch(_KEYS_ASIDE)}
                self._keys_aside_at = monotonic() + KEYS_ASIDE_EVERY_S
            self._horizon = await connection.fetchval(_HORIZON) if self.marks.waiting else 0
            rows = await connection.fetch(
                _PREFIXES, self._slots, [self.marks.above(slot) for slot in self._slots], self.rows_per_slot
            )
        return [_outgoing(*row) for row in rows]

    def _aside(self, outgoing: Sequence[Outgoing]) -> Delivery:
        """What belongs to a key that was set aside follows it there."""
        if not self._keys_aside:
            return Delivery()
        follows = [item for item in outgoing if (item.record.topic, item.record.key) in self._keys_aside]
        return Delivery(refused=[(item, "behind a record that was refused") for item in follows])

    async def _settle(self, outgoing: Sequence[Outgoing], delivery: Delivery) -> None:
        """Forget what was taken. A slot's mark stays below the first record that was not."""
        taken, xid = delivery.acknowledged, 0
        if taken:  # before their keys are set aside, which moves all that is left of them
            async with driver(self._engine) as connection:
                xid = await connection.fetchval(_DELETE, [item.slot for item in taken], [item.id for item in taken])
        delivery.refused = await self._set_aside(delivery.refused)
        gone = {item.id for item in taken} | {item.id for item, _ in delivery.refused}
        reached = _reached(outgoing, gone)
        self.marks.settle(self._horizon, reached)
        if taken:
            self.marks.carried(reached, xid=xid)

    async def _set_aside(self, refused: Sequence[tuple[Outgoing, str]]) -> list[tuple[Outgoing, str]]:
        """Set records aside with all that waits behind them, so that their keys' order holds; returns what is aside.

        What is not belongs to a key that an operator has released since: it comes with the next pass.
        """
        aside: dict[Key, bool] = {}
        for item, reason in refused:
            key = Key(item.record.topic, item.record.key)
            if key not in aside:
                async with self._engine.begin() as connection:
                    aside[key] = await set_aside(connection, key, reason, first=key not in self._keys_aside)
        for key in aside.keys() - self._keys_aside:
            log.error("%s set aside key %s of %s", self._service, key.key, key.topic)
        self._keys_aside = (self._keys_aside | aside.keys()) - {key for key, still in aside.items() if not still}
        return [(item, reason) for item, reason in refused if aside[Key(item.record.topic, item.record.key)]]


async def pause(until: asyncio.Event, at_most_s: float) -> None:
    """Return when it is set, or that much later."""
    with suppress(TimeoutError):
        await asyncio.wait_for(until.wait(), at_most_s)


def _reached(outgoing: Sequence[Outgoing], taken: Collection[int]) -> dict[int, int]:
    """The id in each slot up to which everything that was read has been taken."""
    reached: dict[int, int] = {}
    stuck: set[int] = set()
    for item in outgoing:
        if item.slot in stuck:
            continue
        if item.id in taken:
            reached[item.slot] = item.id
        else:
            stuck.add(item.slot)
            reached.setdefault(item.slot, item.id - 1)
    return reached


def _outgoing(id: int, slot: int, topic: str, key: str, sequence: int, headers: str, payload: bytes) -> Outgoing:
    named = from_json(headers)
    named["ce_sequence"] = str(sequence)
    return Outgoing(
        id, slot, Record(topic, key, tuple(zip(named, map(str.encode, named.values()), strict=True)), payload)
    )
