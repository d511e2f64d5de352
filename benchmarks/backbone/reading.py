"""A topic full of events, and what every reader of it must do: remember each id, count each lead's stages, once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
from baoke_chassis.database import Database
from baoke_events.ids import uuid7
from sqlalchemy import make_url, text

from benchmarks.backbone.records import by_partition, send_all, stage_records
from benchmarks.backbone.sample import RAW_COUNT, REMEMBER, sample_database
from benchmarks.backbone.sending import plain_producer
from benchmarks.harness import Servers


@dataclass(slots=True)
class Tally:
    """Knows when the first event was seen and when as many as wanted have had their effect."""

    wanted: int
    seen: int = 0
    first: asyncio.Event = field(default_factory=asyncio.Event)
    all: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self) -> None:
        """Events are at hand."""
        self.first.set()

    def finish(self, count: int) -> None:
        """So many more are committed."""
        self.seen += count
        if self.seen >= self.wanted:
            self.all.set()


@dataclass(frozen=True, slots=True)
class Topic:
    """A full topic and the database its readers write to."""

    servers: Servers
    database: Database
    name: str
    events: int

    @property
    def dsn(self) -> str:
        """The database's address for asyncpg."""
        url = make_url(self.database.engine.url).set(drivername="postgresql")
        return url.render_as_string(hide_password=False)

    def new_group(self) -> str:
        """A consumer group that has read nothing."""
        return f"group-{uuid7()}"

    async def forget(self) -> None:
        """Nothing was read, nothing had an effect."""
        async with self.database.engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("TRUNCATE inbox, lead_seen"))
            await connection.execute(text("CHECKPOINT"))

    async def check(self, seen: int) -> None:
        """Make sure that each event had its effect once.

        Raises:
            AssertionError: it had not.
        """
        async with self.database.engine.connect() as connection:
            counted = await connection.scalar(text("SELECT sum(events) FROM lead_seen"))
            remembered = await connection.scalar(text("SELECT count(*) FROM inbox"))
        if not counted == remembered == seen:
            raise AssertionError(f"{seen} events read, {remembered} remembered, {counted} counted")


@asynccontextmanager
async def full_topic(
    servers: Servers, events: int, *, partitions: int = 12, sampled: bool | None = None
) -> AsyncIterator[Topic]:
    """A topic with so many events on so many partitions."""
    name = await servers.topic(partitions=partitions)
    placed = by_partition(stage_records(events, name, sampled=sampled), partitions)
    async with plain_producer(servers) as producer:
        await producer.partitions_for(name)
        await asyncio.gather(*(send_all(producer, name, number, records) for number, records in placed.items()))
    async with sample_database(servers.database(name.replace("-", "_"))) as database:
        yield Topic(servers, database, name, events)


async def apply_by_hand(
    connection: asyncpg.Connection,
    ids: Sequence[UUID],
    dealers: Sequence[UUID],
    leads: Sequence[UUID],
    stages: list[str],
) -> None:
    """Inbox and effect in one transaction, as one writes it without a library."""
    async with connection.transaction():
        new = {row["event_id"] for row in await connection.fetch(REMEMBER, ids)}
        fresh = [place for place, id in enumerate(ids) if id in new]
        await connection.execute(
            RAW_COUNT, [dealers[p] for p in fresh], [leads[p] for p in fresh], [stages[p] for p in fresh]
        )
