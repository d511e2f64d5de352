"""Tiers that the score no longer carries last through the grace period."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from baoke_events import TierChanged

RunJob = Callable[..., Awaitable[int]]
Told = Callable[..., Awaitable[list[Any]]]

OVER_A_YEAR, GRACE = timedelta(days=367), timedelta(days=90)


@pytest.fixture
async def silver(enrol: Callable[..., Awaitable[UUID]]) -> UUID:
    """A member who spent ¥3,000 yesterday."""
    return await enrol(3_000)


async def test_a_tier_lasts_its_grace_and_then_falls(silver: UUID, run_job: RunJob, told: Told):
    now = datetime.now(UTC)
    looked = [
        await run_job("review_tiers", now=now + timedelta(days=300)),
        await run_job("review_tiers", now=now + OVER_A_YEAR),
        await run_job("review_tiers", now=now + OVER_A_YEAR + GRACE - timedelta(hours=1)),
    ]
    before = await told(TierChanged)

    looked.append(await run_job("review_tiers", now=now + OVER_A_YEAR + GRACE))

    assert looked == [0, 1, 0, 1]
    changes = [(event.customer_id, event.from_tier, event.to_tier) for event in await told(TierChanged)]
    assert [(event.from_tier, event.to_tier) for event in before] == [("member", "silver")]
    assert changes == [(silver, "member", "silver"), (silver, "silver", "member")]


async def test_a_service_within_the_grace_period_keeps_the_tier(
    silver: UUID,
    facts: Any,
    deliver: Callable[..., Awaitable[None]],
    run_job: RunJob,
    told: Told,
    client: httpx.AsyncClient,
):
    now = datetime.now(UTC)
    await run_job("review_tiers", now=now + OVER_A_YEAR)
    await deliver(facts.serviced(silver, 300_000, completed_at=now + OVER_A_YEAR))

    await run_job("review_tiers", now=now + OVER_A_YEAR + GRACE)

    assert [event.to_tier for event in await told(TierChanged)] == ["silver"]
    assert (await client.get(f"/v1/members/{silver}")).json()["tier"] == "silver"


async def test_who_is_in_no_tier_is_never_looked_at(enrol: Callable[..., Awaitable[UUID]], run_job: RunJob):
    await enrol(100)

    assert await run_job("review_tiers", now=datetime.now(UTC) + timedelta(days=4_000)) == 0
