"""Events over Apache Kafka, with aiokafka: an idempotent producer, and one task per assigned partition."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordTooLargeError,
    UnknownTopicOrPartitionError,
)
from aiokafka.partitioner import murmur2

from baoke_events.envelope import Record
from baoke_events.transports import Delivery, Outgoing, Process, Running

log = logging.getLogger(__name__)

BATCH = 500
DRAIN_S = 10
STALLED_S = 30
MAX_BATCH_BYTES = 1_000_000


class KafkaTransport:
    """A cluster. Nothing here needs it to be up: what cannot be sent or read is tried until it can."""

    def __init__(self, bootstrap_servers: str, *, client_id: str) -> None:
        self._servers = bootstrap_servers
        self._client_id = client_id
        self._producer: AIOKafkaProducer | None = None

    async def deliver(self, outgoing: Sequence[Outgoing]) -> Delivery:
        """Send each partition's records in order, one batch in flight per partition."""
        producer = await self._started()
        partitions = await _partitioned(producer, outgoing)
        parts = await asyncio.gather(
            *(_send(producer, topic, number, records) for (topic, number), records in partitions.items())
        )
        delivery = Delivery()
        for part, failed in parts:
            delivery.absorb(part)
            if failed:
                await self._drop_producer()
        return delivery

    async def consume(self, group: str, topics: Sequence[str], process: Process) -> Running:
        """Join the group in the background."""
        consumption = _Consumption(self._servers, group, topics, process)
        consumption.start()
        return consumption

    async def ready(self) -> bool:
        """Whether the cluster answers within two seconds."""
        try:
            async with asyncio.timeout(2):
                await (await self._started()).client.force_metadata_update()
        except (KafkaError, OSError, TimeoutError):
            return False
        return True

    async def close(self) -> None:
        """Leave the producer; what it had not sent is still in the outbox."""
        await self._drop_producer()

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._servers,
                client_id=self._client_id,
                enable_idempotence=True,
                acks="all",
                linger_ms=0,
                max_batch_size=MAX_BATCH_BYTES,
                max_request_size=MAX_BATCH_BYTES + 50_000,
                request_timeout_ms=10_000,
            )
            try:
                await producer.start()
            except BaseException:
                await _stopped(producer)
                raise
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        """A producer that failed may have lost its sequence numbers: the next pass gets a new one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stopped(producer)


async def _stopped(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    with suppress(KafkaError, OSError, TimeoutError):
        await asyncio.wait_for(client.stop(), 5)


async def _partitioned(
    producer: AIOKafkaProducer, outgoing: Sequence[Outgoing]
) -> dict[tuple[str, int], list[Outgoing]]:
    """The records by (topic, partition), by the partitioner every Kafka client shares. Missing topics are left out."""
    counts = {topic: await _partition_count(producer, topic) for topic in {item.record.topic for item in outgoing}}
    partitions: dict[tuple[str, int], list[Outgoing]] = {}
    for item in outgoing:
        topic = item.record.topic
        if count := counts[topic]:
            number = (murmur2(item.record.key.encode()) & 0x7FFFFFFF) % count
            partitions.setdefault((topic, number), []).append(item)
    return partitions


async def _partition_count(producer: AIOKafkaProducer, topic: str) -> int:
    try:
        return len(await producer.partitions_for(topic))
    except UnknownTopicOrPartitionError:
        log.exception("there is no topic %s; what is for it waits in the outbox", topic)
        return 0


async def _send(
    producer: AIOKafkaProducer, topic: str, partition: int, records: Sequence[Outgoing]
) -> tuple[Delivery, bool]:
    """Send one partition's records batch by batch until one fails. Returns what was taken and whether one failed."""
    delivery = Delivery()
    waiting, at_most = list(records), len(records)
    while waiting:
        builder, batch = _fill(producer, waiting[:at_most])
        if not batch:
            waiting = _refuse(delivery, waiting, "larger than a batch")
            continue
        try:
            await (await producer.send_batch(builder, topic, partition=partition))
        except (MessageSizeTooLargeError, RecordTooLargeError) as error:
            if len(batch) == 1:
                waiting = _refuse(delivery, waiting, str(error))
            at_most = 1
        except (KafkaError, OSError) as error:
            log.warning("%s[%d] did not take %d records: %s", topic, partition, len(batch), error)
            return delivery, True
        else:
            delivery.acknowledged += batch
            waiting = waiting[len(batch) :]
    return delivery, False


def _refuse(delivery: Delivery, waiting: Sequence[Outgoing], reason: str) -> list[Outgoing]:
    """Refuse the first record that waits; what waits without it and what follows of its key."""
    refused, *rest = waiting
    delivery.refused.append((refused, reason))
    return [item for item in rest if item.record.key != refused.record.key]


def _fill(producer: AIOKafkaProducer, records: Iterable[Outgoing]) -> tuple[Any, list[Outgoing]]:
    """A batch with as many of the records as fit."""
    builder = producer.create_batch()
    batch: list[Outgoing] = []
    for item in records:
        record = item.record
        taken = builder.append(
            key=record.key.encode(), value=record.value, timestamp=None, headers=list(record.headers)
        )
        if taken is None:
            break
        batch.append(item)
    builder.close()
    return builder, batch


class _Consumption(ConsumerRebalanceListener):  # type: ignore[misc]
    """A group member at work: one task per assigned partition, offsets committed after the database."""

    def __init__(self, servers: str, group: str, topics: Sequence[str], process: Process) -> None:
        self._servers, self._group, self._topics, self._process = servers, group, topics, process
        self._stopping = asyncio.Event()
        self._broken = asyncio.Event()
        self._tasks: dict[TopicPartition, asyncio.Task[None]] = {}
        self._revoked: set[TopicPartition] = set()
        self._consumer: AIOKafkaConsumer | None = None
        self._main: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run until stopped."""
        self._main = asyncio.create_task(self._run(), name=f"consume {self._group}")

    async def stop(self) -> None:
        """Finish the batches in hand, commit, and leave the group."""
        self._stopping.set()
        if self._main is not None:
            await self._main

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Finish the batches of these partitions before somebody else gets them."""
        self._revoked |= set(revoked)
        await self._drain([self._tasks.pop(tp) for tp in revoked if tp in self._tasks])

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Start a task for each."""
        self._revoked -= set(assigned)
        for tp in assigned:
            self._tasks[tp] = asyncio.create_task(self._work(tp), name=f"{self._group} {tp.topic}[{tp.partition}]")

    async def _run(self) -> None:
        """Hold a membership; where it breaks, begin a new one."""
        pause_s = 0.2
        while not self._stopping.is_set():
            try:
                await self._membership()
                pause_s = 0.2
            except (KafkaError, OSError) as error:
                log.warning("%s cannot read from Kafka: %s", self._group, error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause_s)
            pause_s = min(pause_s * 2, 5)

    async def _membership(self) -> None:
        self._broken.clear()
        self._consumer = consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=30_000,
            rebalance_timeout_ms=60_000,
            max_poll_interval_ms=600_000,
            fetch_max_wait_ms=100,
        )
        consumer.subscribe(self._topics, listener=self)
        try:
            await consumer.start()
            await _first_of(self._stopping, self._broken)
        finally:
            self._revoked |= set(self._tasks)
            await self._drain(list(self._tasks.values()))
            self._tasks.clear()
            await _stopped(consumer)

    async def _drain(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Let the tasks finish their batch; after `DRAIN_S` their transaction is rolled back instead."""
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=DRAIN_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _ours(self, tp: TopicPartition) -> bool:
        return not (self._stopping.is_set() or self._broken.is_set() or tp in self._revoked)

    async def _work(self, tp: TopicPartition) -> None:
        """Batch by batch: handle, then commit the offset."""
        consumer = self._consumer
        assert consumer is not None  # noqa: S101 (set before partitions are assigned)
        try:
            async for batch in self._batches(consumer, tp):
                if not await self._handled(tp, [_record(message) for message in batch]):
                    return
                with suppress(CommitFailedError, IllegalStateError):
                    await consumer.commit({tp: batch[-1].offset + 1})
        except Exception:
            log.warning("%s lost %s[%d], joins anew", self._group, tp.topic, tp.partition, exc_info=True)
            self._broken.set()

    async def _batches(self, consumer: AIOKafkaConsumer, tp: TopicPartition) -> AsyncIterator[list[Any]]:
        """Non-empty batches while the partition is ours. A fetcher that stalls breaks the membership."""
        loop = asyncio.get_running_loop()
        fed_at = loop.time()
        while self._ours(tp):
            batch = (await consumer.getmany(tp, timeout_ms=500, max_records=BATCH)).get(tp, [])
            if batch:
                fed_at = loop.time()
                yield batch
                fed_at = loop.time()
            elif await self._starves(consumer, tp) and loop.time() - fed_at > STALLED_S:
                raise KafkaError(f"the fetcher of {tp.topic}[{tp.partition}] stalled")

    async def _starves(self, consumer: AIOKafkaConsumer, tp: TopicPartition) -> bool:
        """Whether the broker has records that we do not get."""
        with suppress(IllegalStateError):
            return bool((consumer.highwater(tp) or 0) > await consumer.position(tp))
        return False

    async def _handled(self, tp: TopicPartition, records: Sequence[Record]) -> bool:
        """Try until the batch is committed. False where the partition was taken away meanwhile."""
        pause_s = 0.1
        while True:
            try:
                await self._process(records)
            except Exception:
                log.warning("%s: a batch of %s will be tried again", self._group, tp.topic, exc_info=True)
            else:
                return True
            if not self._ours(tp):
                return False
            await asyncio.sleep(pause_s * random.uniform(0.5, 1))  # noqa: S311 (jitter)
            pause_s = min(pause_s * 2, 5)


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _record(message: Any) -> Record:
    """Whatever a producer of another house may have sent, as something that can at least be set aside."""
    key = (message.key or b"").decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return Record(message.topic, key, tuple((name, value or b"") for name, value in message.headers), message.value)
