"""The smallest pipeline there is: writers, an outbox, a topic, and one row for each time an event had its effect."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from baoke_chassis.database import Database
from baoke_chassis.schema import platform_metadata
from baoke_chassis.service import Service
from baoke_chassis.settings import ServiceSettings
from baoke_events import LeadStageChanged
from baoke_events.consuming import Subscriptions
from baoke_events.envelope import encode
from baoke_events.outbox import publish_records
from sqlalchemy import Column, Identity, Integer, Table, Uuid, insert
from sqlalchemy.ext.asyncio import AsyncSession

METADATA = platform_metadata()
EFFECT = Table(
    "effect",
    METADATA,
    Column("place", Integer, Identity(), primary_key=True),
    Column("event_id", Uuid, nullable=False),
)
subscriptions = Subscriptions()
SERVICE = Service(
    name="control-service",
    title="Control",
    description="Steps that are taken and heard of.",
    package="baoke_chassis",
    settings=ServiceSettings(database_url="unused"),
    metadata=METADATA,
    subscriptions=[subscriptions],
)
KEYS = tuple(UUID(int=number) for number in range(1, 7))
WRITERS = 6
WRITES_EACH = 15
HESITATION_S = 0.05
"""At most so long a transaction thinks between publishing and committing."""


@subscriptions.on(LeadStageChanged)
async def take_effect(session: AsyncSession, events: Sequence[LeadStageChanged], *, now: datetime) -> None:
    """One row for every time an event is applied."""
    await session.execute(insert(EFFECT), [{"event_id": event.id} for event in events])


async def write(database: Database, topic: str, *, seed: int) -> list[str]:
    """Concurrent writers publish under a few keys, each event in a transaction that takes its time; the events' ids."""
    each = [_write(database, topic, random.Random(f"{seed}/{number}")) for number in range(WRITERS)]
    return [written for ids in await asyncio.gather(*each) for written in ids]


async def _write(database: Database, topic: str, chance: random.Random) -> list[str]:
    written = []
    for _ in range(WRITES_EACH):
        event = LeadStageChanged(
            dealer_id=KEYS[0],
            occurred_at=datetime.now(UTC),
            lead_id=chance.choice(KEYS),
            store_id=KEYS[0],
            from_stage="new",
            to_stage="visited",
        )
        async with database.begin() as session:
            await publish_records(session, [(event.id, encode(event, service="control")._replace(topic=topic))])
            await asyncio.sleep(chance.uniform(0, HESITATION_S))
        written.append(str(event.id))
    return written
