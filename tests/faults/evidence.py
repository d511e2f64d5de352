"""What can be seen from outside: every record of every topic from offset 0, and rows by plain SQL.

Nothing here knows the code under test: records are Kafka's, headers and JSON are read by hand.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as it lies in a topic."""

    topic: str
    partition: int
    offset: int
    key: str
    id: str
    type: str
    sequence: int
    data: dict[str, Any]
    """Empty for a tombstone."""


class Tape:
    """All that was ever said, topic by topic in the order of its offsets. Grows with each `wind_on`."""

    def __init__(self, bootstrap: str, *, prefix: str = "baoke.") -> None:
        """Begin with nothing; topics whose names begin with `prefix` will be read."""
        self._bootstrap, self._prefix = bootstrap, prefix
        self._read_up_to: dict[TopicPartition, int] = {}
        self._of_type: defaultdict[str, list[Seen]] = defaultdict(list)
        self.records: list[Seen] = []

    async def wind_on(self) -> None:
        """Read up to the present end of every partition."""
        partitions = await partitions_of(self._bootstrap, lambda topic: topic.startswith(self._prefix))
        reader = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, enable_auto_commit=False)
        await reader.start()
        try:
            ends = await reader.end_offsets(partitions)
            await self._read(reader, {p: end for p, end in ends.items() if end > self._read_up_to.get(p, 0)})
        finally:
            await reader.stop()

    def of(self, type_: str) -> list[Seen]:
        """The events of one type, each id once, in the order of their first delivery."""
        first: dict[str, Seen] = {}
        for seen in self._of_type[type_]:
            first.setdefault(seen.id, seen)
        return list(first.values())

    @property
    def events(self) -> int:
        """How many different events there are."""
        return len({seen.id for seen in self.records})

    async def _read(self, reader: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> None:
        if not ends:
            return
        reader.assign(list(ends))
        for partition in ends:
            reader.seek(partition, self._read_up_to.get(partition, 0))
        while ends:
            for messages in (await reader.getmany(timeout_ms=500)).values():
                for message in messages:
                    self._add(_seen(message))
            for partition in [p for p, end in ends.items() if await reader.position(p) >= end]:
                self._read_up_to[partition] = await reader.position(partition)
                reader.pause(partition)
                del ends[partition]

    def _add(self, seen: Seen) -> None:
        self.records.append(seen)
        self._of_type[seen.type].append(seen)


def _seen(message: Any) -> Seen:
    headers = {name: value.decode() for name, value in message.headers}
    return Seen(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        key=message.key.decode(),
        id=headers["ce_id"],
        type=headers["ce_type"],
        sequence=int(headers.get("ce_sequence", "0")),
        data=json.loads(message.value) if message.value else {},
    )


async def partitions_of(bootstrap: str, wanted: Callable[[str], bool]) -> list[TopicPartition]:
    """Every partition of the wanted topics."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        described = await admin.describe_topics([topic for topic in await admin.list_topics() if wanted(topic)])
    finally:
        await admin.close()
    return [TopicPartition(d["topic"], part["partition"]) for d in described for part in d["partitions"]]


class Books:
    """The services' databases, each behind a connection of its own."""

    def __init__(self, connections: dict[str, asyncpg.Connection]) -> None:
        self._connections = connections

    async def rows(self, package: str, query: str, *values: object) -> Sequence[asyncpg.Record]:
        """What the query finds."""
        return await self._connections[package].fetch(query, *values)

    async def column(self, package: str, query: str, *values: object) -> list[str]:
        """The first column, as text."""
        return [str(row[0]) for row in await self.rows(package, query, *values)]

    async def close(self) -> None:
        """Give the connections back."""
        await asyncio.gather(*(connection.close() for connection in self._connections.values()))
