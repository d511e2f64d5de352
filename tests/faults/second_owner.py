"""A second owner of every partition: `python -m faults.second_owner PACKAGE`.

What a worker is that slept through its session and does not know it yet: it reads the service's
topics without belonging to the group any more, and hands batches to the service's real consumer,
at the same time as the group's rightful members.
"""

import asyncio
import importlib
import sys
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from baoke_chassis.cli import open_database
from baoke_chassis.worker import consumer_of
from baoke_events.consuming import Consumer
from baoke_events.envelope import Record

from faults.evidence import partitions_of

REACHES_BACK = 300
"""So many records of each partition are taken a second time."""


async def own(consumer: Consumer, bootstrap: str) -> None:
    """Take every partition's records, from a little before its end, until killed or cut off."""
    partitions = await partitions_of(bootstrap, lambda topic: topic in consumer.subscriptions.topics)
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await reader.start()
    try:
        reader.assign(partitions)
        for partition, end in (await reader.end_offsets(partitions)).items():
            reader.seek(partition, max(0, end - REACHES_BACK))
        while True:
            for batch in (await reader.getmany(timeout_ms=200, max_records=500)).values():
                await consumer.process([_record(message) for message in batch])
    finally:
        await reader.stop()


def _record(message: Any) -> Record:
    return Record(message.topic, message.key.decode(), tuple(message.headers), message.value)


async def main(package: str) -> None:
    """Own what the package's service hears."""
    settings = importlib.import_module(f"{package}.settings").Settings()
    service = importlib.import_module(f"{package}.app").service(settings)
    database = open_database(service)
    while True:
        try:
            await own(consumer_of(service, database), settings.kafka_bootstrap_servers)
        except (KafkaError, OSError, TimeoutError) as error:
            sys.stderr.write(f"the second owner starts over: {error}\n")
            await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
