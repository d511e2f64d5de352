"""A process: the sample service's relay, in a process without a publisher, as a `worker` is.

Asked anything, it answers {"taken": how many events Kafka took so far}.
"""

import asyncio
import json
import sys

from baoke_chassis import process
from baoke_chassis.telemetry import install_telemetry
from baoke_events.relay import Relay

from benchmarks.backbone.child import answer, questions
from benchmarks.backbone.counting import CountingTransport
from benchmarks.backbone.sample import SERVICE, sample_database


async def main() -> None:
    """Relay until nobody asks any more."""
    asked = json.loads(sys.argv[1])
    install_telemetry(SERVICE.name, None)
    transport = CountingTransport(asked["kafka"], client_id="relaying")
    await transport.ready()
    async with sample_database(asked["database"]) as database:
        relay = Relay(database.engine, transport, service=SERVICE.name)
        running = asyncio.create_task(relay.run())
        process.settle_memory()
        async for _ in questions():
            answer({"taken": transport.taken})
        relay.stop()
        await running
    await transport.close()


if __name__ == "__main__":
    process.run(main())
