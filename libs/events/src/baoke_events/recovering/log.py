"""Topics as a log: read from an instant, and a group put back to it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from baoke_events.envelope import Record
from baoke_events.transports.kafka_membership import as_record, stopped

AT_ONCE = 2_000

Offsets = Mapping[TopicPartition, int]


async def records_since(servers: str, topics: Sequence[str], since: datetime | None) -> AsyncIterator[list[Record]]:
    """What the topics hold now that was written since the instant (None: all), in batches, each partition in order."""
    async with _reader(servers, topics, group=None) as consumer:
        starts, ends = await _span(consumer, since)
        for tp, start in starts.items():
            consumer.seek(tp, start)
        unread = {tp for tp, start in starts.items() if start < ends[tp]}
        while unread:
            found = await consumer.getmany(*unread, timeout_ms=1_000, max_records=AT_ONCE)
            for tp, messages in found.items():
                yield [as_record(message) for message in messages if message.offset < ends[tp]]
            unread -= {tp for tp in found if await consumer.position(tp) >= ends[tp]}


async def rewind(servers: str, group: str, topics: Sequence[str], since: datetime | None) -> Offsets:
    """Put the group back to the instant (None: to the beginning). Returns where the topics that it must read end now.

    Raises:
        CommitFailedError: the group has members, so it is at work.
    """
    async with _reader(servers, topics, group=group) as consumer:
        starts, ends = await _span(consumer, since)
        await consumer.commit(dict(starts))
    return {tp: end for tp, end in ends.items() if starts[tp] < end}


async def read_up_to(servers: str, group: str, ends: Offsets) -> None:
    """Return when the group, which is at work, has committed these offsets."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        while True:
            reached = await admin.list_consumer_group_offsets(group)
            if all(tp in reached and reached[tp].offset >= end for tp, end in ends.items()):
                return
            await asyncio.sleep(0.2)
    finally:
        await admin.close()


@asynccontextmanager
async def _reader(servers: str, topics: Sequence[str], *, group: str | None) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of all the topics' partitions that joins nobody."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, group_id=group, enable_auto_commit=False)
    try:
        await consumer.start()
        consumer.assign(await _partitions(servers, topics))
        yield consumer
    finally:
        await stopped(consumer)


async def _partitions(servers: str, topics: Sequence[str]) -> list[TopicPartition]:
    """The partitions of those topics that there are."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        found = await admin.describe_topics(list(topics))
    finally:
        await admin.close()
    return [TopicPartition(topic["topic"], each["partition"]) for topic in found for each in topic["partitions"]]


async def _span(consumer: AIOKafkaConsumer, since: datetime | None) -> tuple[Offsets, Offsets]:
    """For each partition: the first offset at or after the instant, and the end."""
    partitions = list(consumer.assignment())
    ends: Offsets = await consumer.end_offsets(partitions)
    if since is None:
        return await consumer.beginning_offsets(partitions), ends
    at = await consumer.offsets_for_times(dict.fromkeys(partitions, int(since.timestamp() * 1000)))
    return {tp: found.offset if found else ends[tp] for tp, found in at.items()}, ends
