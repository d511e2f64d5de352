"""What carries committed events to their consumers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from baoke_events.envelope import Record

Process = Callable[[Sequence[Record]], Awaitable[None]]
"""Handles one partition's records in order, in one transaction. Raises only what should be tried again."""


class Outgoing(NamedTuple):
    """A record that waits in an outbox, known by its position there."""

    id: int
    slot: int
    record: Record


@dataclass(slots=True)
class Delivery:
    """What became of the records of one pass. Those in neither list are tried again."""

    acknowledged: list[Outgoing] = field(default_factory=list)
    refused: list[tuple[Outgoing, str]] = field(default_factory=list)
    """With the reason: these will never be taken."""

    def absorb(self, other: "Delivery") -> None:
        """Add another part of the same pass."""
        self.acknowledged += other.acknowledged
        self.refused += other.refused


class Running(Protocol):
    """A consumer at work."""

    async def stop(self) -> None:
        """Finish the batches in hand and leave."""


class Transport(Protocol):
    """Two implementations pass one test suite: a Kafka cluster, and this process."""

    system: str
    """What spans call it (`messaging.system`)."""

    async def deliver(self, outgoing: Sequence[Outgoing]) -> Delivery:
        """Hand on records whose order within a key is the order they come in."""

    async def consume(self, group: str, topics: Sequence[str], process: Process) -> Running:
        """Start handing the topics' records to `process`, each key's in order, at least once."""

    async def ready(self) -> bool:
        """Whether the transport can be reached now."""

    async def close(self) -> None:
        """Let go of connections."""
