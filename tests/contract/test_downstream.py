"""docs/examples/consumer.py as a downstream team runs it: only `baoke-events[kafka]`, against a real Kafka."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from baoke_events.contracts.samples import SAMPLES
from baoke_events.envelope import encode
from baoke_events.event import Event
from baoke_events.ids import uuid7

NOT_THEIRS = ("sqlalchemy", "asyncpg", "opentelemetry", "fastapi", "yaml", "baoke_chassis", "baoke_local")
"""What a downstream team does not install."""

AS_THEY_DO = f"""
import runpy, sys
sys.modules.update(dict.fromkeys({NOT_THEIRS!r}))
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def lost() -> Event:
    """A lead's defeat that nobody has heard of yet."""
    return SAMPLES["baoke.lead.defeated.v1"].model_copy(update={"id": uuid7(), "lead_id": uuid7()})


@pytest.fixture
def serviced() -> Event:
    """A completed service that nobody has heard of yet."""
    return SAMPLES["baoke.service.completed.v1"].model_copy(update={"id": uuid7(), "vehicle_id": uuid7()})


@pytest.mark.kafka
async def test_the_example_consumer_prints_what_happens_on_a_real_kafka(
    kafka: str, repository: Path, lost: Event, serviced: Event
) -> None:
    example = repository / "docs" / "examples" / "consumer.py"
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for event in (lost, SAMPLES["baoke.lead.won.v1"], serviced):
            record = encode(event, service=event.publishers[0])
            await producer.send_and_wait(record.topic, record.value, record.key.encode(), headers=list(record.headers))
    awaited = {
        f"lead {lost.subject} did not buy the 比亚迪 海豹: price",
        f"vehicle {serviced.subject} was serviced for 1280.00 CNY",
    }

    consumer = await asyncio.create_subprocess_exec(sys.executable, "-c", AS_THEY_DO, str(example), kafka, stdout=PIPE)
    assert consumer.stdout is not None
    try:
        async with asyncio.timeout(180):
            while awaited:
                line = await consumer.stdout.readline()
                assert line, "the example ended"
                awaited.discard(line.decode().strip())
    finally:
        if consumer.returncode is None:
            consumer.terminate()
        await consumer.communicate()
