"""docs/examples/consumer.py as a downstream team runs it: only `baoke-events[kafka]`, against a real Kafka."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from baoke_events.contracts.samples import SAMPLES
from baoke_events.envelope import encode

NOT_THEIRS = ("sqlalchemy", "asyncpg", "opentelemetry", "fastapi", "yaml", "baoke_chassis", "baoke_local")
"""What a downstream team does not install."""

AS_THEY_DO = f"""
import runpy, sys
sys.modules.update(dict.fromkeys({NOT_THEIRS!r}))
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""

LOST = SAMPLES["baoke.lead.defeated.v1"]
SERVICED = SAMPLES["baoke.service.completed.v1"]


@pytest.mark.kafka
async def test_the_example_consumer_prints_what_happens_on_a_real_kafka(kafka_bootstrap: str, repository: Path) -> None:
    example = repository / "docs" / "examples" / "consumer.py"
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap) as producer:
        for event in (LOST, SAMPLES["baoke.lead.won.v1"], SERVICED):
            record = encode(event, service=event.publishers[0])
            await producer.send_and_wait(record.topic, record.value, record.key.encode(), headers=list(record.headers))

    consumer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", AS_THEY_DO, str(example), kafka_bootstrap, stdout=PIPE
    )
    assert consumer.stdout is not None
    try:
        async with asyncio.timeout(60):
            said = {(await consumer.stdout.readline()).decode().strip() for _ in range(2)}
    finally:
        consumer.terminate()
        await consumer.communicate()

    assert said == {
        f"lead {LOST.subject} did not buy the 比亚迪 海豹: price",
        f"vehicle {SERVICED.subject} was serviced for 1280.00 CNY",
    }
