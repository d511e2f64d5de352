"""Reading topics as a member of a consumer group: one task per assigned partition."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from baoke_events.envelope import Record
from baoke_events.telemetry import begin_anew, reading, rebalanced, receiving
from baoke_events.transports import Process

log = logging.getLogger(__name__)

BATCH = 500
DRAIN_S = 5
"""How long a batch may go on after its partition was taken; a group waits longer (`rebalance_timeout_ms`)."""
STALLED_S = 30


async def stopped(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Return when the client has stopped, or has taken five seconds over it: aiokafka may hang in `stop`."""
    with suppress(KafkaError, OSError, TimeoutError):
        await asyncio.wait_for(client.stop(), 5)


class Membership(ConsumerRebalanceListener):  # type: ignore[misc]
    """A group member at work: one task per assigned partition, offsets committed after the database."""

    def __init__(self, servers: str, group: str, topics: Sequence[str], process: Process) -> None:
        self._servers, self._group, self._topics, self._process = servers, group, topics, process
        self._stopping = asyncio.Event()
        self._broken = asyncio.Event()
        self._tasks: dict[TopicPartition, asyncio.Task[None]] = {}
        self._handling: set[TopicPartition] = set()
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
        await self._drain(revoked)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Start a task for each."""
        self._revoked -= set(assigned)
        rebalanced(self._group)
        begin_anew(self._group)
        for tp in assigned:
            self._tasks[tp] = asyncio.create_task(self._work(tp), name=f"{self._group} {tp.topic}[{tp.partition}]")

    async def _run(self) -> None:
        """Hold a membership; where it breaks, begin a new one."""
        pause_s = 0.2
        while not self._stopping.is_set():
            try:
                await self._membership()
                pause_s = 0.2
            except Exception as error:
                log.warning("%s cannot read from Kafka: %s", self._group, error, exc_info=not _usual(error))
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
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            rebalance_timeout_ms=10_000,  # longer than a drain, shorter than a request: one that joins waits for all
            request_timeout_ms=12_000,
            max_poll_interval_ms=600_000,
            fetch_max_wait_ms=100,
        )
        consumer.subscribe(self._topics, listener=self)
        try:
            await consumer.start()
            await _first_of(self._stopping, self._broken)
        finally:
            self._revoked |= set(self._tasks)
            await self._drain(list(self._tasks))
            await stopped(consumer)

    async def _drain(self, partitions: Iterable[TopicPartition]) -> None:
        """End the tasks of these partitions: at once where they wait for records, else after the batch in hand.

        Those who wait are not left to their time-out: aiokafka's `getmany`, woken while partitions are handed out
        anew, waits until they are, and the group would wait for us. After `DRAIN_S` a transaction is rolled back.
        """
        tasks = {tp: self._tasks.pop(tp) for tp in partitions if tp in self._tasks}
        for idle in tasks.keys() - self._handling:
            tasks[idle].cancel()
        if not tasks:
            return
        _, late = await asyncio.wait(tasks.values(), timeout=DRAIN_S)
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
            with reading(self._group, tp.topic, partial(_end, consumer, tp)) as progress:
                async for batch in self._batches(consumer, tp):
                    self._handling.add(tp)
                    progress.done = batch[0].offset
                    with receiving(tp.partition, batch[0].offset):
                        handled = await self._handled(tp, [as_record(message) for message in batch])
                    if not handled:
                        return
                    progress.done = batch[-1].offset + 1
                    with suppress(CommitFailedError, IllegalStateError):
                        await consumer.commit({tp: progress.done})
                    self._handling.discard(tp)
        except Exception:
            log.warning("%s lost %s[%d], joins anew", self._group, tp.topic, tp.partition, exc_info=True)
            self._broken.set()
        finally:
            self._handling.discard(tp)

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


def _usual(error: Exception) -> bool:
    """What a cluster that is away looks like; anything else deserves its traceback."""
    return isinstance(error, KafkaError | OSError)


def _end(consumer: AIOKafkaConsumer, tp: TopicPartition) -> int | None:
    """Where the partition ends, as the last fetch heard; None before the first, and after the partition was taken."""
    with suppress(AssertionError, IllegalStateError, AttributeError):
        end: int | None = consumer.highwater(tp)
        return end
    return None


def as_record(message: Any) -> Record:
    """Whatever a producer of another house may have sent, as something that can at least be set aside."""
    key = (message.key or b"").decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    headers = tuple(message.headers)
    if None in dict(headers).values():
        headers = tuple((name, value or b"") for name, value in headers)
    return Record(message.topic, key, headers, message.value)
