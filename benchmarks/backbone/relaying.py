"""A process: the sample service's worker, which hears no events: it relays, apart from whoever publishes.

Asked anything, it answers {"taken": how many events Kafka took so far}.
"""

import json
import sys
from dataclasses import replace

from baoke_chassis import process
from baoke_chassis.telemetry import install_telemetry
from baoke_chassis.worker import Worker

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
        worker = Worker(replace(SERVICE, subscriptions=()), database, transport)
        await worker.start()
        process.settle_memory()
        async for _ in questions():
            answer({"taken": transport.taken})
        await worker.stop()
    await transport.close()


if __name__ == "__main__":
    process.run(main())
