"""What the throughput of relay and consumer costs: batch size, partitions, replicas."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic

from baoke_events.transports import kafka_membership

from benchmarks.backbone.child import Child, child
from benchmarks.backbone.reading import Topic, full_topic
from benchmarks.harness import Contender, Figures, Row, Servers, Size
from benchmarks.harness.servers import EACH_OF
from benchmarks.rows import consume, relay

BATCHES = (10, 50, 100, 500, 1000, 2000)
PARTITIONS = (1, 3, 12, 24)
REPLICAS = (1, 2, 4)


def _batches_of(size: int) -> Callable[[Topic], Awaitable[Figures]]:
    async def read(topic: Topic) -> Figures:
        usual = kafka_membership.BATCH
        kafka_membership.BATCH = size
        try:
            return await consume.ours(topic)
        finally:
            kafka_membership.BATCH = usual

    return read


@asynccontextmanager
async def _one_topic(servers: Servers, size: Size) -> AsyncIterator[Topic]:
    async with full_topic(servers, size.of(full=30_000, quick=6_000, smoke=100)) as topic:
        yield topic


@asynccontextmanager
async def _topics(servers: Servers, size: Size) -> AsyncIterator[dict[int, Topic]]:
    """The same number of events on topics of different width, by their partitions."""
    events = size.of(full=30_000, quick=6_000, smoke=100)
    async with AsyncExitStack() as stack:
        yield {n: await stack.enter_async_context(full_topic(servers, events, partitions=n)) for n in PARTITIONS}


@asynccontextmanager
async def _outboxes(servers: Servers, size: Size) -> AsyncIterator[dict[int, relay.Stage]]:
    """The same number of events for topics of different width, by their partitions."""
    events = size.of(full=30_000, quick=6_000, smoke=100)
    async with AsyncExitStack() as stack:
        yield {n: await stack.enter_async_context(relay.full_outbox(servers, events, partitions=n)) for n in PARTITIONS}


def _read_from(partitions: int) -> Callable[[dict[int, Topic]], Awaitable[Figures]]:
    return lambda topics: consume.ours(topics[partitions])


def _send_to(partitions: int) -> Callable[[dict[int, relay.Stage]], Awaitable[Figures]]:
    return lambda outboxes: relay.ours(outboxes[partitions])


def _replicas(count: int) -> Callable[[relay.Stage], Awaitable[Figures]]:
    async def drain(stage: relay.Stage) -> Figures:
        """Each replica is a process; they have shared the slots before the outbox is full."""
        url = stage.database.engine.url.render_as_string(hide_password=False)
        kafka = stage.servers.kafka.bootstrap
        async with AsyncExitStack() as stack:
            relays = [
                await stack.enter_async_context(child("benchmarks.backbone.relaying", kafka=kafka, database=url))
                for _ in range(count)
            ]
            await _until_shared(stage, count)
            async with stage.database.engine.begin() as connection:
                await connection.execute(relay.REFILL)
            with stage.servers.stopwatch([relay.pid for relay in relays]) as took:
                await _until_taken(relays, len(stage.records))
        await stage.check(len(stage.records))
        return took.each_of(len(stage.records))

    return drain


async def _until_taken(relays: list[Child], wanted: int) -> None:
    while sum([(await relay.ask("how many?"))["taken"] for relay in relays]) < wanted:  # noqa: ASYNC110 (processes)
        await asyncio.sleep(0.02)


async def _until_shared(stage: relay.Stage, count: int) -> None:
    """Wait until each of the replicas holds its share of the slots."""
    deadline = monotonic() + 30
    while await stage.owners() != count:
        if monotonic() > deadline:
            raise TimeoutError(f"{count} relays did not share the slots")
        await asyncio.sleep(0.1)


ROWS = (
    Row(
        name="curve_batch",
        title="Consumer: throughput against batch size",
        measures="The row `consume` with 30,000 events, by the most events one transaction takes (500 in production).",
        units=EACH_OF,
        stage=_one_topic,
        contenders=[Contender(f"{n:,} events", _batches_of(n), x=n) for n in BATCHES],
        curve_over="events in a transaction, at most",
        rounds=3,
        warm_up=False,
    ),
    Row(
        name="curve_partitions_in",
        title="Consumer: throughput against partitions",
        measures="The row `consume` with 30,000 events, by the topic's number of partitions.",
        units=EACH_OF,
        stage=_topics,
        contenders=[Contender(f"{n} partitions", _read_from(n), x=n) for n in PARTITIONS],
        curve_over="partitions",
        rounds=3,
        warm_up=False,
    ),
    Row(
        name="curve_partitions_out",
        title="Relay: throughput against partitions",
        measures="The row `relay` with 30,000 events, by the topic's number of partitions.",
        units=EACH_OF,
        stage=_outboxes,
        contenders=[Contender(f"{n} partitions", _send_to(n), x=n) for n in PARTITIONS],
        curve_over="partitions",
        rounds=3,
        warm_up=False,
    ),
    Row(
        name="curve_replicas",
        title="Relay: throughput against replicas",
        measures=(
            "The row `relay` by the number of relay processes that share the outbox, from the commit that fills it to "
            "the last acknowledgement. All share the cores with PostgreSQL and Kafka."
        ),
        units=EACH_OF,
        stage=relay.stage,
        contenders=[Contender(f"{n} replicas", _replicas(n), x=n) for n in REPLICAS],
        curve_over="relay processes",
        rounds=2,
        warm_up=False,
    ),
)
