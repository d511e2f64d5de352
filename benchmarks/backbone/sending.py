"""A producer of the yardsticks, as careful as ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer

from benchmarks.harness import Servers


@asynccontextmanager
async def plain_producer(servers: Servers) -> AsyncIterator[AIOKafkaProducer]:
    """Idempotent, and all replicas acknowledge."""
    producer = AIOKafkaProducer(
        bootstrap_servers=servers.kafka.bootstrap,
        enable_idempotence=True,
        acks="all",
        linger_ms=0,
        max_batch_size=1_000_000,
        max_request_size=1_050_000,
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()
