"""The Kafka transport beside itself."""

import asyncio
import gc

import pytest
from baoke_events.transports.kafka import KafkaTransport


@pytest.mark.kafka
async def test_who_asks_at_the_same_time_gets_the_same_producer(kafka):
    transport = KafkaTransport(kafka, client_id="test")

    async with asyncio.timeout(60):
        while not all(await asyncio.gather(*(transport.ready() for _ in range(3)))):
            await asyncio.sleep(0.1)

    await transport.close()
    gc.collect()  # a producer that nobody closed would complain here
