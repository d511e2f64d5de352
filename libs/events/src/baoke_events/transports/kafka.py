"""Events over Apache Kafka, with aiokafka: an idempotent producer, and memberships of consumer groups."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from baoke_events.transports import Delivery, Outgoing, Process, Running
from baoke_events.transports.kafka_membership import Membership, stopped
from baoke_events.transports.kafka_sending import partitioned, send_partition

MAX_BATCH_BYTES = 1_000_000


class KafkaTransport:
    """A cluster. Nothing here needs it to be up: what cannot be sent or read is tried until it can."""

    system = "kafka"

    def __init__(self, bootstrap_servers: str, *, client_id: str) -> None:
        self._servers = bootstrap_servers
        self._client_id = client_id
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def deliver(self, outgoing: Sequence[Outgoing]) -> Delivery:
        """Send each partition's records in order, one batch in flight per partition."""
        producer = await self._started()
        partitions = await partitioned(producer, outgoing)
        parts = await asyncio.gather(
            *(send_partition(producer, topic, number, records) for (topic, number), records in partitions.items())
        )
        delivery = Delivery()
        for part, failed in parts:
            delivery.absorb(part)
            if failed:
                await self._drop_producer()
        return delivery

    async def consume(self, group: str, topics: Sequence[str], process: Process) -> Running:
        """Join the group in the background."""
        consumption = Membership(self._servers, group, topics, process)
        consumption.start()
        return consumption

    async def ready(self) -> bool:
        """Whether the cluster answers within two seconds."""
        try:
            async with asyncio.timeout(2):
                return bool(await (await self._started()).client.force_metadata_update())
        except (KafkaError, OSError, TimeoutError):
            return False

    async def close(self) -> None:
        """Leave the producer; what it had not sent is still in the outbox."""
        await self._drop_producer()

    async def _started(self) -> AIOKafkaProducer:
        """The producer, one for all who ask at the same time."""
        async with self._starting:
            if self._producer is None:
                self._producer = await self._new_producer()
            return self._producer

    async def _new_producer(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            client_id=self._client_id,
            enable_idempotence=True,
            acks="all",
            linger_ms=0,
            max_batch_size=MAX_BATCH_BYTES,
            max_request_size=MAX_BATCH_BYTES + 50_000,
            request_timeout_ms=10_000,
        )
        try:
            await producer.start()
        except BaseException:
            await stopped(producer)
            raise
        return producer

    async def _drop_producer(self) -> None:
        """A producer that failed may have lost its sequence numbers: the next pass gets a new one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await stopped(producer)
