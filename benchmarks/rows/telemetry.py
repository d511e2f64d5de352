"""What spans and metrics cost the relay, the consumer and a request."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.backbone.child import child
from benchmarks.backbone.collector import collector
from benchmarks.backbone.reading import Topic, full_topic
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.rows import relay

OFF, METRICS = "off (`OTEL_SDK_DISABLED`)", "metrics to scrape, no collector"


@dataclass(frozen=True, slots=True)
class Stage:
    """The same events twice, by whether their traces are sampled; and a collector."""

    servers: Servers
    folder: Path
    collector: str
    topics: dict[bool, Topic]
    outboxes: dict[bool, relay.Stage]
    events: int
    requests: int


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """20,000 events with a sampled trace each, and 20,000 with an unsampled one."""
    events = size.of(full=20_000, quick=6_000, smoke=100)
    async with AsyncExitStack() as stack:
        yield Stage(
            servers,
            servers.folder / "issuer",
            await stack.enter_async_context(collector()),
            {s: await stack.enter_async_context(full_topic(servers, events, sampled=s)) for s in (True, False)},
            {s: await stack.enter_async_context(relay.full_outbox(servers, events, sampled=s)) for s in (True, False)},
            events,
            size.of(full=1_000, quick=300, smoke=5),
        )


def _observed(*, collected: bool, sampled: bool, disabled: bool = False) -> Callable[[Stage], Awaitable[Figures]]:
    async def measure(stage: Stage) -> Figures:
        """A process of its own, for telemetry is installed once."""
        topic, outbox = stage.topics[sampled], stage.outboxes[sampled]
        settings = {
            "environment": {
                **({"OTEL_SDK_DISABLED": "true"} if disabled else {}),
                **({"OTEL_EXPORTER_OTLP_ENDPOINT": stage.collector} if collected else {}),
            },
            "kafka": stage.servers.kafka.bootstrap,
            "readers": topic.database.engine.url.render_as_string(hide_password=False),
            "senders": outbox.database.engine.url.render_as_string(hide_password=False),
            "topic": topic.name,
            "folder": str(stage.folder),
            "events": stage.events,
            "requests": stage.requests,
            "sampled": sampled,
        }
        async with child("benchmarks.backbone.observed", **settings) as observed:
            return {
                "consumer": await observed.ask("read"),
                "relay": await observed.ask("send"),
                "request": await observed.ask("answer"),
            }

    return measure


ROWS = (
    Row(
        name="telemetry",
        title="What telemetry costs",
        measures=(
            "Processor time of our process for an event that is read, an event that is sent, and a request that writes "
            "one event; exported by OTLP to a collector that forgets it. Where every event is sampled, more spans "
            "arise than the exporter's queue holds, and it drops some."
        ),
        units={"consumer": "µs an event", "relay": "µs an event", "request": "µs a request"},
        stage=stage,
        contenders=[
            Contender("collector, every trace sampled", _observed(collected=True, sampled=True)),
            Contender("collector, no trace sampled", _observed(collected=True, sampled=False)),
            Contender(METRICS, _observed(collected=False, sampled=False)),
            Contender(OFF, _observed(collected=False, sampled=False, disabled=True)),
        ],
        targets=[Target("consumer", at_most=1.25, of=OFF, contender=METRICS)],
        rounds=3,
        warm_up=False,
    ),
)
