"""The smallest pipeline there is: writers, an outbox, a topic, and one row for each time an event had its effect."""

import asyncio
import random
from collections.abc import Callable, Sequence
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
*KEYS, LATE_KEY = (UUID(int=number) for number in range(1, 8))
WRITERS = 6
WRITES_EACH = 15
HESITATION_S = 0.05
"""At most so long a transaction thinks between publishing and committing."""


@subscriptions.on(LeadStageChanged)
async def take_effect(session: AsyncSession, events: Sequence[LeadStageChanged], *, now: datetime) -> None:
    """One row for every time an event is applied."""
    await session.execute(insert(EFFECT), [{"event_id": event.id} for event in events])


async def write(database: Database, topic: str, *, seed: int, late: Callable[[], bool] | None = None) -> list[str]:
    """Concurrent writers publish under a few keys, each event in a transaction that takes its time; the events' ids.

    With `late`, one more event is published before all others, and committed once that is so.
    """
    chances = [random.Random(f"{seed}/{number}") for number in range(WRITERS)]
    if late is None:
        return await _write_all(database, topic, chances)
    async with database.begin() as session:
        first = await _publish(session, topic, LATE_KEY)
        others = asyncio.create_task(_write_all(database, topic, chances))
        while not late():
            await asyncio.sleep(0.01)
    return [first, *await others]


async def _write_all(database: Database, topic: str, chances: Sequence[random.Random]) -> list[str]:
    each = await asyncio.gather(*(_write(database, topic, chance) for chance in chances))
    return [written for ids in each for written in ids]


async def _write(database: Database, topic: str, chance: random.Random) -> list[str]:
    written = []
    for _ in range(WRITES_EACH):
        async with database.begin() as session:
            written.append(await _publish(session, topic, chance.choice(KEYS)))
            await asyncio.sleep(chance.uniform(0, HESITATION_S))
    return written


async def _publish(session: AsyncSession, topic: str, key: UUID) -> str:
    event = LeadStageChanged(
        dealer_id=KEYS[0],
        occurred_at=datetime.now(UTC),
        lead_id=key,
        store_id=KEYS[0],
        from_stage="new",
        to_stage="visited",
    )
    await publish_records(session, [(event.id, encode(event, service="control")._replace(topic=topic))])
    return str(event.id)
