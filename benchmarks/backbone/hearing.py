"""A process: the sample service's consumer. Remembers when the effect of each probe was committed.

Asked anything, it answers {"effects": how many so far, "probes": {event id: time in ns since the epoch}}.
"""

import json
import sys
from collections.abc import Sequence
from time import time_ns

from baoke_chassis import process
from baoke_chassis.telemetry import install_telemetry
from baoke_chassis.worker import consumer_of
from baoke_events.envelope import Record
from baoke_events.transports.kafka import KafkaTransport

from benchmarks.backbone.child import answer, questions
from benchmarks.backbone.sample import SERVICE, sample_database

PROBE = "probe"


async def main() -> None:
    """Consume until nobody asks any more."""
    asked = json.loads(sys.argv[1])
    install_telemetry(SERVICE.name, None)
    probes: dict[str, int] = {}
    effects = 0
    transport = KafkaTransport(asked["kafka"], client_id="hearing")
    async with sample_database(asked["database"]) as database:
        consumer = consumer_of(SERVICE, database)

        async def apply(records: Sequence[Record]) -> None:
            nonlocal effects
            await consumer.process(records)
            committed_at = time_ns()
            effects += len(records)
            for record in records:
                if PROBE.encode() in (record.value or b""):
                    probes[dict(record.headers)["ce_id"].decode()] = committed_at

        running = await transport.consume(asked["group"], [asked["topic"]], apply)
        process.settle_memory()
        async for _ in questions():
            answer({"effects": effects, "probes": probes})
            probes.clear()
        await running.stop()
    await transport.close()


if __name__ == "__main__":
    process.run(main())
