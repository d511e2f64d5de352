"""Events without a broker: the relay hands what is committed to the consumers in this process.

As durable as the outbox: rows are deleted only when every consumer has committed them.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from baoke_events.transports import Delivery, Outgoing, Process, Running

log = logging.getLogger(__name__)

BATCH = 500


@dataclass(slots=True, eq=False)
class _Consumer:
    group: str
    topics: frozenset[str]
    process: Process
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    left: bool = False

    async def stop(self) -> None:
        """Leave after the batch in hand. What the group hears from now on waits in the outboxes for its return."""
        async with self.turn:
            self.left = True

    async def take(self, outgoing: Sequence[Outgoing]) -> set[int]:
        """Process what concerns this consumer; the positions that must come again."""
        mine = [item for item in outgoing if item.record.topic in self.topics]
        async with self.turn:
            for start in range(0, len(mine), BATCH):
                if self.left or not await self._took(mine[start : start + BATCH]):
                    return {id(item) for item in mine[start:]}
        return set()

    async def _took(self, batch: Sequence[Outgoing]) -> bool:
        try:
            await self.process([item.record for item in batch])
        except Exception:
            log.warning("%s could not take a batch, it will come again", self.group, exc_info=True)
            return False
        return True


class EmbeddedTransport:
    """Shared by all services of one process. All consumers join before the first relay delivers."""

    system = "baoke"

    def __init__(self) -> None:
        self.consumers: list[_Consumer] = []

    async def deliver(self, outgoing: Sequence[Outgoing]) -> Delivery:
        """Hand the records to every consumer of their topic, and acknowledge what all have committed."""
        unfinished = await asyncio.gather(*(consumer.take(outgoing) for consumer in self.consumers))
        again = set[int]().union(*unfinished)
        return Delivery(acknowledged=[item for item in outgoing if id(item) not in again])

    async def consume(self, group: str, topics: Sequence[str], process: Process) -> Running:
        """Take part in every delivery from now on."""
        consumer = _Consumer(group, frozenset(topics), process)
        self.consumers = [*(known for known in self.consumers if known.group != group), consumer]
        return consumer

    async def ready(self) -> bool:
        """Always: there is nothing to reach."""
        return True

    async def close(self) -> None:
        """Nothing to let go of."""
