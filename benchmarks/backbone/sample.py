"""A service that hears of stages and counts them per lead: one upsert is the effect every contender has to have."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from baoke_chassis import migrations
from baoke_chassis.database import Database
from baoke_chassis.schema import platform_metadata
from baoke_chassis.service import Service
from baoke_chassis.settings import ServiceSettings
from baoke_events import LeadStageChanged
from baoke_events.consuming import Subscriptions
from sqlalchemy import Column, Integer, Table, Text, Uuid, text
from sqlalchemy.ext.asyncio import AsyncSession

METADATA = platform_metadata()
LEAD_SEEN = Table(
    "lead_seen",
    METADATA,
    Column("dealer_id", Uuid, primary_key=True),
    Column("lead_id", Uuid, primary_key=True),
    Column("events", Integer, nullable=False),
    Column("stage", Text, nullable=False),
)

REMEMBER = """
INSERT INTO inbox (event_id, consumer) SELECT DISTINCT id, 'sample' FROM unnest($1::uuid[]) AS id ORDER BY id
ON CONFLICT DO NOTHING RETURNING event_id
"""
"""The inbox as the contenders without our library write it."""

COUNT = """
INSERT INTO lead_seen AS seen (dealer_id, lead_id, events, stage)
SELECT dealer_id, lead_id, count(*), (array_agg(stage ORDER BY place DESC))[1]
FROM unnest(CAST({dealers} AS uuid[]), CAST({leads} AS uuid[]), CAST({stages} AS text[]))
     WITH ORDINALITY AS event (dealer_id, lead_id, stage, place)
GROUP BY dealer_id, lead_id ORDER BY dealer_id, lead_id
ON CONFLICT (dealer_id, lead_id) DO UPDATE SET events = seen.events + excluded.events, stage = excluded.stage
"""
"""The effect: one statement for any number of events."""

RAW_COUNT = COUNT.format(dealers="$1", leads="$2", stages="$3")
_COUNT = text(COUNT.format(dealers=":dealers", leads=":leads", stages=":stages"))

subscriptions = Subscriptions()


@subscriptions.on(LeadStageChanged)
async def count_stages(session: AsyncSession, events: Sequence[LeadStageChanged], *, now: datetime) -> None:
    """Count each lead's stages and keep the last."""
    await session.execute(
        _COUNT,
        {
            "dealers": [event.dealer_id for event in events],
            "leads": [event.lead_id for event in events],
            "stages": [event.to_stage for event in events],
        },
    )


SERVICE = Service(
    name="sample",
    title="Sample",
    description="Counts stages.",
    package="baoke_chassis",  # has no migrations of its own: only the platform's are run
    settings=ServiceSettings(database_url="unused"),
    metadata=METADATA,
    subscriptions=[subscriptions],
)


@asynccontextmanager
async def sample_database(url: str) -> AsyncIterator[Database]:
    """A migrated database of the sample service, pooled as in production."""
    database = Database(url, service=SERVICE.name)
    try:
        await migrations.upgrade(SERVICE, database.engine)
        async with database.engine.begin() as connection:
            await connection.run_sync(METADATA.create_all, tables=[LEAD_SEEN])
        yield database
    finally:
        await database.close()
