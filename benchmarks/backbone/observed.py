"""A process with telemetry as it is told: reads a full topic, drains a full outbox, answers requests.

Asked `read`, `send` or `answer`, it does so once and answers with the processor seconds of this process.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, process_time
from typing import Any

from baoke_chassis import process
from baoke_chassis.telemetry import install_telemetry

from benchmarks.backbone.child import answer, questions
from benchmarks.backbone.reading import Topic
from benchmarks.backbone.records import stage_records
from benchmarks.backbone.sample import SERVICE, sample_database
from benchmarks.backbone.sample_api import Requests
from benchmarks.harness import Took
from benchmarks.rows import consume, relay


@dataclass(frozen=True, slots=True)
class Broker:
    """A Kafka that somebody else has started."""

    bootstrap: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Servers of the parent: here only this process's time is known."""

    kafka: Broker

    @contextmanager
    def stopwatch(self) -> Iterator[Took]:
        """Measure the block."""
        took, wall, own = Took(), monotonic(), process_time()
        yield took
        took.wall_s, took.python_s = monotonic() - wall, process_time() - own


async def main() -> None:
    """Do what is asked until nobody asks any more."""
    asked = json.loads(sys.argv[1])
    os.environ |= asked["environment"]
    install_telemetry(SERVICE.name, os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))
    servers: Any = Elsewhere(Broker(asked["kafka"]))
    async with sample_database(asked["readers"]) as readers, sample_database(asked["senders"]) as senders:
        topic = Topic(servers, readers, asked["topic"], asked["events"])
        outbox = relay.Stage(servers, senders, stage_records(1, asked["topic"]) * asked["events"], asked["topic"])
        requests = Requests(senders, Path(asked["folder"]), sampled=asked["sampled"])
        process.settle_memory()
        async for question in questions():
            match question:
                case "read":
                    answer((await consume.ours(topic))["python"])
                case "send":
                    answer((await relay.ours(outbox))["python"])
                case "answer":
                    answer(await requests.cost(asked["requests"]))


if __name__ == "__main__":
    process.run(main())
