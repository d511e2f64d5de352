"""A worker's memory over millions of events: it stays what it was."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from baoke_events import LeadStageChanged
from baoke_events.envelope import Record
from baoke_events.ids import uuid7
from baoke_local.topics import Topic, ensure_topics

from benchmarks.backbone.child import Child, child
from benchmarks.backbone.records import by_partition, send_all, stage_records
from benchmarks.backbone.sending import plain_producer
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target

SECTIONS = 10
LEADS = 10_000
AHEAD = 100_000
"""The topic holds at most so many events that the worker has not read, so that neither disk nor cache decides."""
PARTITIONS = 12
_SMALL_TOPIC = {"segment.bytes": "16777216", "retention.bytes": "67108864"}


@dataclass(slots=True)
class Stage:
    """A worker at work, and what feeds it."""

    worker: Child
    producer: AIOKafkaProducer
    patterns: dict[int, list[Record]]
    section: int
    fed: int

    async def feed(self, count: int) -> None:
        """Send so many events more, no further ahead of the worker than `AHEAD`."""
        goal = self.fed + count
        while self.fed < goal:
            topic = LeadStageChanged.topic
            renewed = {number: [_renewed(r) for r in records] for number, records in self.patterns.items()}
            self.fed += sum(
                await asyncio.gather(*(send_all(self.producer, topic, n, records) for n, records in renewed.items()))
            )
            await self.until_done(self.fed - AHEAD)

    async def until_done(self, wanted: int) -> None:
        """Wait until the worker has applied so many."""
        while (await self.worker.ask("how many?"))["effects"] < wanted:  # noqa: ASYNC110 (another process)
            await asyncio.sleep(0.1)


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """A worker of the sample service on `baoke.leads`, and an event of each of 10,000 leads to send again and again."""
    kafka = servers.kafka.bootstrap
    await ensure_topics(kafka, [Topic(LeadStageChanged.topic, PARTITIONS, _SMALL_TOPIC)])
    leads = size.of(LEADS, LEADS, 100)
    patterns = by_partition(stage_records(leads, LeadStageChanged.topic, per_key=1), PARTITIONS)
    async with (
        plain_producer(servers) as producer,
        child("benchmarks.backbone.working", kafka=kafka, database=servers.database("memory")) as worker,
    ):
        await producer.partitions_for(LeadStageChanged.topic)
        fed = await _length(kafka)
        yield Stage(worker, producer, patterns, size.of(500_000, 20_000, 100), fed)


async def _length(kafka: str) -> int:
    """How many events of other rows are on the topic: the worker reads them first."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka)
    await consumer.start()
    partitions = [TopicPartition(LeadStageChanged.topic, number) for number in range(PARTITIONS)]
    ends = await consumer.end_offsets(partitions)
    await consumer.stop()
    return sum(ends.values())


def _after() -> Callable[[Stage], Awaitable[Figures]]:
    async def feed_on(stage: Stage) -> Figures:
        """One more section; the memory when all of it has had its effect."""
        before, started = stage.fed, monotonic()
        await stage.feed(stage.section)
        await stage.until_done(stage.fed)
        rss_mib = psutil.Process(stage.worker.pid).memory_info().rss / 2**20
        return {"memory": rss_mib, "throughput": (stage.fed - before) / (monotonic() - started)}

    return feed_on


def _renewed(record: Record) -> Record:
    """The same fact as a new event."""
    headers = tuple((name, str(uuid7()).encode() if name == "ce_id" else value) for name, value in record.headers)
    return Record(record.topic, record.key, headers, record.value)


ROWS = (
    Row(
        name="memory",
        title="Memory of a worker over 5 million events",
        measures=(
            "One worker process (consumer, relay, jobs) reads 5,000,000 events of 10,000 leads while they are "
            "produced; its resident memory after every 500,000, and the rate with the producer on the same cores."
        ),
        units={"memory": "MiB", "throughput": "events/s"},
        stage=stage,
        contenders=[Contender(f"{n * 0.5:g} million", _after(), x=n * 0.5) for n in range(1, SECTIONS + 1)],
        targets=[Target("memory", at_most=1.1, of="1 million", contender="5 million")],
        curve_over="million events",
        rounds=1,
        warm_up=False,
        apart=True,
    ),
)
