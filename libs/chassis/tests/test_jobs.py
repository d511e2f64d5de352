"""What the clock starts happens whole or not at all."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from baoke_chassis.database import Database
from baoke_chassis.jobs import in_one_transaction
from baoke_chassis.testing import DEALER
from baoke_events import LeadStageChanged
from baoke_events.event import Event
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
Published = Callable[[], Awaitable[list[Event]]]


async def test_what_a_step_did_is_committed_and_counted(
    database: Database, published: Published, stage_of: Callable[..., LeadStageChanged]
):
    async def command(session: AsyncSession, *, now: datetime) -> int:
        await publish(session, [stage_of(DEALER, f"at_{now:%H_%M}")])
        return 7

    assert await in_one_transaction(command)(database, now=NOON) == 7
    assert [event.to_stage for event in await published()] == ["at_12_00"]


async def test_a_step_that_fails_leaves_nothing(
    database: Database, published: Published, stage_of: Callable[..., LeadStageChanged]
):
    async def command(session: AsyncSession, *, now: datetime) -> int:
        await publish(session, [stage_of(DEALER, "won")])
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        await in_one_transaction(command)(database, now=NOON)
    assert await published() == []
