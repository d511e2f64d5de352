"""From a commit in one service to the effect in another, over a real Kafka, each in a process of its own."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from statistics import quantiles
from time import monotonic, time_ns

from baoke_chassis.database import Database
from baoke_chassis.launch import ringing
from baoke_chassis.worker import Worker
from baoke_events import LeadStageChanged
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from baoke_events.transports.kafka import KafkaTransport
from baoke_local.topics import Topic, ensure_topics

from benchmarks.backbone.child import Child, child
from benchmarks.backbone.hearing import PROBE
from benchmarks.backbone.records import stage_changed
from benchmarks.backbone.sample import SERVICE, sample_database
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target

PAUSE_S = (0.03, 0.12)


@dataclass(frozen=True, slots=True)
class Stage:
    """The publishing service's database, and the process of the service that hears."""

    servers: Servers
    url: str
    hearing: Child
    probes: int
    per_s: float
    """Events per second that are published, carried and have their effect, all at once."""


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """Two services, two databases, `baoke.leads` between them."""
    topic = Topic(LeadStageChanged.topic, 12, {})
    await ensure_topics(servers.kafka.bootstrap, [topic])
    url = servers.database("latency_publisher")
    hears = {"database": servers.database("latency_hearer"), "topic": topic.name, "group": f"hearing-{uuid7()}"}
    async with (
        sample_database(url),
        child("benchmarks.backbone.hearing", kafka=servers.kafka.bootstrap, **hears) as hearing,
    ):
        per_s = await _capacity(servers, url, hearing, events=size.of(20_000, 5_000, 500))
        yield Stage(servers, url, hearing, size.of(120, 40, 3), per_s)


async def _capacity(servers: Servers, url: str, hearing: Child, *, events: int) -> float:
    """How many events per second are published, carried and have their effect, all at once."""
    async with (
        _relay_apart(servers, url),
        child("benchmarks.backbone.publishing", database=url, per_s=1e9) as publishing,
    ):
        started = monotonic()
        while (await publishing.ask("how many?"))["published"] < events:  # noqa: ASYNC110 (another process)
            await asyncio.sleep(0.02)
        published: int = (await publishing.ask("stop"))["published"]
        while (await hearing.ask("how many?"))["effects"] < published:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        return published / (monotonic() - started)


async def idle_in_one_process(stage: Stage) -> Figures:
    """Publisher and relay share a process, as in `make run TRANSPORT=kafka`: the commit wakes the relay."""
    transport = KafkaTransport(stage.servers.kafka.bootstrap, client_id="bench")
    await transport.ready()
    async with sample_database(stage.url) as database:
        worker = Worker(replace(SERVICE, subscriptions=()), database, transport)
        await worker.start()
        figures = await _probe(stage, database)
        await worker.stop()
    await transport.close()
    return figures


async def idle_apart(stage: Stage) -> Figures:
    """Api and worker are processes of their own, as in production: the api rings the relay's bell."""
    async with _relay_apart(stage.servers, stage.url), _publisher(stage.url) as database:
        return await _probe(stage, database)


async def busy(stage: Stage) -> Figures:
    """The same while others publish half of what the chain can carry."""
    async with (
        _relay_apart(stage.servers, stage.url),
        child("benchmarks.backbone.publishing", database=stage.url, per_s=stage.per_s / 2) as publishing,
        _publisher(stage.url) as database,
    ):
        started = monotonic()
        before = (await publishing.ask("how many?"))["published"]
        figures = await _probe(stage, database)
        published = (await publishing.ask("how many?"))["published"] - before
        return {**figures, "load": published / (monotonic() - started)}


def _relay_apart(servers: Servers, url: str) -> AbstractAsyncContextManager[Child]:
    return child("benchmarks.backbone.relaying", kafka=servers.kafka.bootstrap, database=url)


@asynccontextmanager
async def _publisher(url: str) -> AsyncIterator[Database]:
    async with sample_database(url) as database, ringing(database):
        yield database


async def _probe(stage: Stage, database: Database) -> Figures:
    """Publish single events with pauses; percentiles of the time from a commit here to the commit there."""
    await stage.hearing.ask("what is old?")
    committed_at: dict[str, int] = {}
    await asyncio.sleep(1)
    for _ in range(stage.probes):
        event = stage_changed(uuid7(), PROBE)
        async with database.begin() as session:
            await publish(session, [event])
        committed_at[str(event.id)] = time_ns()
        await asyncio.sleep(random.uniform(*PAUSE_S))  # noqa: S311 (so that no poll keeps step)
    heard: dict[str, int] = {}
    async with asyncio.timeout(60):
        while not committed_at.keys() <= heard.keys():
            heard |= (await stage.hearing.ask("what came?"))["probes"]
            await asyncio.sleep(0.05)
    return _percentiles([(heard[id] - at) / 1e6 for id, at in committed_at.items()])


def _percentiles(delays_ms: list[float]) -> Figures:
    cuts = quantiles(delays_ms, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}


ROWS = (
    Row(
        name="latency",
        title="Commit → effect in another service, real Kafka",
        measures=(
            "120 single events a round, 30–120 ms apart: from the return of the publisher's commit to the return of "
            "the effect's commit in the other service's process. At half load a third process publishes half of what "
            "the machine can publish, carry and apply at the same time, 50 events a transaction."
        ),
        units={"p50": "ms", "p95": "ms", "p99": "ms", "load": "events/s"},
        stage=stage,
        contenders=[
            Contender("idle, api and worker in one process", idle_in_one_process),
            Contender("idle, api and worker apart", idle_apart),
            Contender("half load, api and worker apart", busy),
        ],
        targets=[
            Target("p50", at_most=10),
            Target("p99", at_most=50),
            Target("p50", at_most=10, contender="idle, api and worker apart"),
            Target("p99", at_most=50, contender="idle, api and worker apart"),
        ],
        rounds=3,
        warm_up=False,
    ),
)
