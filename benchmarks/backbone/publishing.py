"""A process: writers that publish at a steady rate, as the apis of a busy service do.

Asked anything, it answers {"published": how many events so far}; asked to `stop`, it publishes no more.
"""

import asyncio
import json
import sys
from time import monotonic

from baoke_chassis import process
from baoke_chassis.launch import ringing
from baoke_chassis.telemetry import install_telemetry
from baoke_events.ids import uuid7
from baoke_events.outbox import publish

from benchmarks.backbone.child import answer, questions
from benchmarks.backbone.records import stage_changed
from benchmarks.backbone.sample import SERVICE, sample_database

TOGETHER = 50
"""Events in one transaction."""


async def main() -> None:
    """Publish until nobody asks any more."""
    asked = json.loads(sys.argv[1])
    install_telemetry(SERVICE.name, None)
    published = 0
    async with sample_database(asked["database"]) as database, ringing(database):

        async def write(every_s: float) -> None:
            nonlocal published
            due = monotonic()
            while True:
                async with database.begin() as session:
                    await publish(session, [stage_changed(uuid7()) for _ in range(TOGETHER)])
                published += TOGETHER
                due = max(due + every_s, monotonic() - every_s)
                await asyncio.sleep(max(0, due - monotonic()))

        async def stop() -> None:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

        writing = asyncio.create_task(write(TOGETHER / asked["per_s"]))
        process.settle_memory()
        async for asked_for in questions():
            if asked_for == "stop":
                await stop()
            answer({"published": published})
        await stop()


if __name__ == "__main__":
    process.run(main())
