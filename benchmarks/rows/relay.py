"""The relay drains a full outbox into Kafka."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from json import loads
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2
from baoke_chassis.database import Database
from baoke_events.envelope import Record
from baoke_events.outbox import publish_records
from baoke_events.relay import Relay
from sqlalchemy import make_url, text

from benchmarks.backbone.counting import CountingTransport
from benchmarks.backbone.records import by_partition, send_all, stage_records
from benchmarks.backbone.sample import sample_database
from benchmarks.backbone.sending import plain_producer
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.harness.servers import EACH_OF

PARTITIONS = 12
SELECT = "SELECT id, slot, key, sequence, headers, payload FROM outbox ORDER BY slot, id LIMIT 6000"
REFILL = text("INSERT INTO outbox OVERRIDING SYSTEM VALUE SELECT * FROM outbox_full")
DELETE = """
DELETE FROM outbox USING unnest($1::smallint[], $2::bigint[]) AS sent (slot, id)
WHERE outbox.slot = sent.slot AND outbox.id = sent.id
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """An outbox that can be filled again with the same events, and a topic for them."""

    servers: Servers
    database: Database
    records: Sequence[Record]
    topic: str

    async def fill(self) -> None:
        """Have all events in the outbox, and nothing else."""
        async with self.database.engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("TRUNCATE outbox"))
            await connection.execute(REFILL)
            await connection.execute(text("ANALYZE outbox"))
            await connection.execute(text("CHECKPOINT"))

    async def left(self) -> int:
        """How many events wait."""
        async with self.database.engine.connect() as connection:
            return await connection.scalar(text("SELECT count(*) FROM outbox")) or 0

    async def owners(self) -> int:
        """How many relays hold a slot, where all slots are held; else 0."""
        query = "SELECT CASE WHEN count(*) = 64 THEN count(DISTINCT owner) ELSE 0 END FROM relay_lease"
        async with self.database.engine.connect() as connection:
            return await connection.scalar(text(f"{query} WHERE expires_at > now()")) or 0

    async def check(self, sent: int) -> None:
        """Make sure that all events were acknowledged, and none is left.

        Raises:
            AssertionError: they were not.
        """
        left = await self.left()
        if sent != len(self.records) or left:
            raise AssertionError(f"{sent} of {len(self.records)} events sent, {left} left")


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """50,000 events for 12 partitions."""
    async with full_outbox(servers, size.of(full=50_000, quick=12_000, smoke=200)) as full:
        yield full


@asynccontextmanager
async def full_outbox(
    servers: Servers, events: int, *, partitions: int = PARTITIONS, sampled: bool | None = None
) -> AsyncIterator[Stage]:
    """So many events as `publish_records` writes them, not yet in the outbox, and a topic for them."""
    topic = await servers.topic(partitions=partitions)
    records = stage_records(events, topic, sampled=sampled)
    async with sample_database(servers.database(f"relay_{topic.replace('-', '_')}")) as database:
        for start in range(0, len(records), 2000):
            async with database.begin() as session:
                batch = records[start : start + 2000]
                await publish_records(session, [(UUID(dict(r.headers)["ce_id"].decode()), r) for r in batch])
        async with database.engine.begin() as connection:
            await connection.execute(text("CREATE TABLE outbox_full AS SELECT * FROM outbox ORDER BY id"))
            await connection.execute(text("TRUNCATE outbox"))
        yield Stage(servers, database, records, topic)


async def ours(stage: Stage) -> Figures:
    """One relay, as each worker has, from its first look to its last delete."""
    await stage.fill()
    kafka = CountingTransport(stage.servers.kafka.bootstrap, client_id="bench")
    await kafka.ready()
    relay = Relay(stage.database.engine, kafka, service="lead-service")
    kafka.taken_changed = lambda taken: relay.stop() if taken >= len(stage.records) else None
    with stage.servers.stopwatch() as took:
        await relay.run()
    await kafka.close()
    await stage.check(kafka.taken)
    return took.each_of(kafka.taken)


async def from_memory(stage: Stage) -> Figures:
    """The same records in memory, one batch per partition in flight."""
    partitions = by_partition(stage.records, PARTITIONS)
    async with plain_producer(stage.servers) as producer:
        await producer.partitions_for(stage.topic)
        with stage.servers.stopwatch() as took:
            sent = await asyncio.gather(*(send_all(producer, stage.topic, p, r) for p, r in partitions.items()))
    return took.each_of(sum(sent))


async def by_send(stage: Stage) -> Figures:
    """The same records in memory through `send()`, the way most programs use aiokafka."""
    async with plain_producer(stage.servers) as producer:
        await producer.partitions_for(stage.topic)
        with stage.servers.stopwatch() as took:
            pending = [
                await producer.send(stage.topic, key=r.key.encode(), value=r.value, headers=list(r.headers))
                for r in stage.records
            ]
            await asyncio.gather(*pending)
    return took.each_of(len(pending))


async def by_hand(stage: Stage) -> Figures:
    """Select in order, send, delete: the loop one writes without a library; no leases, no failures."""
    await stage.fill()
    dsn = make_url(stage.database.engine.url).set(drivername="postgresql")
    connection = await asyncpg.connect(dsn.render_as_string(hide_password=False))
    await connection.set_type_codec("jsonb", encoder=str, decoder=loads, schema="pg_catalog")
    sent = 0
    async with plain_producer(stage.servers) as producer:
        await producer.partitions_for(stage.topic)
        with stage.servers.stopwatch() as took:
            while rows := await connection.fetch(SELECT):
                await _send_rows(producer, stage.topic, rows)
                await connection.execute(DELETE, [row["slot"] for row in rows], [row["id"] for row in rows])
                sent += len(rows)
    await connection.close()
    await stage.check(sent)
    return took.each_of(sent)


async def _send_rows(producer: AIOKafkaProducer, topic: str, rows: Sequence[asyncpg.Record]) -> None:
    placed: dict[int, list[Record]] = {}
    for row in rows:
        headers = (*((n, v.encode()) for n, v in row["headers"].items()), ("ce_sequence", b"%d" % row["sequence"]))
        partition = (murmur2(row["key"].encode()) & 0x7FFFFFFF) % PARTITIONS
        placed.setdefault(partition, []).append(Record(topic, row["key"], headers, row["payload"]))
    await asyncio.gather(*(send_all(producer, topic, p, records) for p, records in placed.items()))


ROWS = (
    Row(
        name="relay",
        title="Relay drain, real Kafka",
        measures=(
            "A relay carries an outbox of 50,000 events (about 800 bytes each, 8,300 keys, 12 partitions) to Kafka "
            "with `acks=all` and deletes them; from its first look to its last delete."
        ),
        units=EACH_OF,
        stage=stage,
        contenders=[
            Contender("baoke relay", ours),
            Contender("bare `send_batch` from memory", from_memory),
            Contender("select, `send_batch`, delete by hand", by_hand),
            Contender("aiokafka `send()` from memory", by_send),
        ],
        targets=[
            Target("throughput", at_least=15_000),
            Target("throughput", at_least=0.5, of="bare `send_batch` from memory"),
        ],
    ),
)
