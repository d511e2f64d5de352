"""A process: the sample service's whole worker, as `python -m sample worker` would be.

Asked anything, it answers {"effects": how many events were counted so far}.
"""

import json
import sys

from baoke_chassis import process
from baoke_chassis.telemetry import install_telemetry
from baoke_chassis.worker import Worker
from baoke_events.transports.kafka import KafkaTransport
from sqlalchemy import text

from benchmarks.backbone.child import answer, questions
from benchmarks.backbone.sample import SERVICE, sample_database


async def main() -> None:
    """Work until nobody asks any more."""
    asked = json.loads(sys.argv[1])
    install_telemetry(SERVICE.name, None)
    transport = KafkaTransport(asked["kafka"], client_id=SERVICE.name)
    async with sample_database(asked["database"]) as database:
        worker = Worker(SERVICE, database, transport)
        await worker.start()
        process.settle_memory()
        async for _ in questions():
            async with database.engine.connect() as connection:
                answer(
                    {"effects": await connection.scalar(text("SELECT coalesce(sum(events), 0)::int FROM lead_seen"))}
                )
        await worker.stop()
    await transport.close()


if __name__ == "__main__":
    process.run(main())
