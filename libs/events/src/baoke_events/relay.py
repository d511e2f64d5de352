"""A relay carries committed events from the outbox to the transport, in any number of replicas.

Replicas share the slots by leases; within one, lanes share its slots, so that one computes while the other waits for
the database or the broker. All events of a key are in one slot, and a slot is in one lane (`lane.py`).
"""

import asyncio
import logging
from contextlib import suppress
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncEngine

from baoke_events.lane import Lane, pause
from baoke_events.leases import Leases
from baoke_events.telemetry import pass_failed
from baoke_events.transports import Transport

log = logging.getLogger(__name__)

LANES = 2
AFTER_FAILURE_S = 1.0


class Relay:
    """One of any number of replicas. `wake()` it when a transaction of this process has published."""

    def __init__(self, engine: AsyncEngine, transport: Transport, *, service: str, lease_ttl_s: float = 10) -> None:
        self._service = service
        self._leases = Leases(engine, ttl_s=lease_ttl_s)
        self._lanes = [Lane(engine, transport, service=service) for _ in range(LANES)]
        self._renew_at = 0.0
        self._stopping = asyncio.Event()

    def wake(self) -> None:
        """There is something to send."""
        for lane in self._lanes:
            lane.wake()

    def stop(self) -> None:
        """Finish the passes in hand; `run` returns after them."""
        self._stopping.set()
        for lane in self._lanes:
            lane.stop()

    async def run(self) -> None:
        """Carry events until stopped. Survives the loss of database and transport."""
        while not self._stopping.is_set():
            try:
                await self._renew_leases()
            except Exception as error:
                log.warning("relay of %s cannot renew its leases, trying again", self._service, exc_info=True)
                pass_failed(self._service, error)
                await pause(self._stopping, AFTER_FAILURE_S)
            else:
                await asyncio.gather(*(lane.carry_until(self._renew_at) for lane in self._lanes))
        with suppress(Exception):
            await self._leases.release()

    async def carry(self) -> tuple[int, int]:
        """One pass over all slots. Returns how many events were (taken, left for the next pass)."""
        await self._renew_leases()
        passes = [await lane.carry() for lane in self._lanes]
        return sum(taken for taken, _ in passes), sum(left for _, left in passes)

    async def _renew_leases(self) -> None:
        """Only while no pass is under way: what a lane reads and sends, it owns all the time."""
        if monotonic() < self._renew_at:
            return
        asked_at = monotonic()
        slots = sorted(await self._leases.renew())
        for number, lane in enumerate(self._lanes):
            lane.own(slots[number::LANES], until=asked_at + self._leases.ttl_s * 2 / 3)
        self._renew_at = asked_at + self._leases.ttl_s / 3
