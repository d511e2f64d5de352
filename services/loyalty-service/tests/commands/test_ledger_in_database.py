"""The ledger on a real database: any sequence, repeats, and many at once."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from baoke_chassis.database import Database
from baoke_chassis.testing import DEALER
from baoke_events.ids import uuid7
from baoke_events.origin import Origin
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loyalty_service.commands.expire_points import expire_points
from loyalty_service.commands.redeem_points import RedeemPoints, redeem_points
from loyalty_service.commands.reward_services import RewardService, reward_services
from loyalty_service.domain.errors import InsufficientPoints

START = datetime(2026, 1, 5, tzinfo=UTC)
MONTH = timedelta(days=31)

steps = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), st.integers(0, 3_000)),
        st.tuples(st.just("spend"), st.integers(1, 3_000)),
        st.tuples(st.just("wait"), st.integers(1, 14)),
        st.tuples(st.just("expire"), st.just(0)),
        st.tuples(st.just("repeat"), st.just(0)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
async def test_the_books_are_right_after_any_sequence(
    steps: list[tuple[str, int]], database: Database, check_books: Callable[[], Awaitable[dict[str, int]]]
):
    customer_id, now = uuid7(), START
    earned: list[RewardService] = []
    for step, amount in steps:
        async with database.begin() as session:
            if step == "earn":
                service = RewardService(DEALER, customer_id, uuid7(), amount * 100, now, Origin.now())
                earned.append(service)
                await reward_services(session, [service], now=now)
            elif step == "repeat":
                await reward_services(session, earned[-2:], now=now)
            elif step == "expire":
                await expire_points(session, now=now, limit=100)
            elif step == "spend" and earned:
                with suppress(InsufficientPoints):
                    await redeem_points(session, RedeemPoints(DEALER, customer_id, amount, "gift", "me"), now=now)
            else:
                now += amount * MONTH
    await check_books()


async def test_twenty_at_once_never_overspend(
    enrol: Callable[..., Awaitable[UUID]],
    database: Database,
    check_books: Callable[[], Awaitable[dict[str, int]]],
):
    customer_id = await enrol(400, 300, 300)

    async def spend() -> int:
        async with database.begin() as session:
            command = RedeemPoints(DEALER, customer_id, 90, "gift", "me")
            return (await redeem_points(session, command, now=datetime.now(UTC))).entry.balance

    outcomes = await asyncio.gather(*(spend() for _ in range(20)), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, InsufficientPoints)]
    balances = sorted(outcome for outcome in outcomes if isinstance(outcome, int))
    assert balances == [10, 100, 190, 280, 370, 460, 550, 640, 730, 820, 910]
    assert len(refused) == 9
    assert await check_books() == {"issue": -1_000, "member": 10, "redemption": 990}


async def test_one_service_told_by_twenty_at_once_is_rewarded_once(
    database: Database, check_books: Callable[[], Awaitable[dict[str, int]]]
):
    service = RewardService(DEALER, uuid7(), uuid7(), 128_000, START, Origin.now())

    async def reward() -> None:
        async with database.begin() as session:
            await reward_services(session, [service], now=START)

    await asyncio.gather(*(reward() for _ in range(20)))

    assert await check_books() == {"issue": -1_280, "member": 1_280}


async def test_earning_spending_and_expiring_at_once_keep_the_books_right(
    enrol: Callable[..., Awaitable[UUID]],
    database: Database,
    check_books: Callable[[], Awaitable[dict[str, int]]],
):
    customer_id = await enrol(500)
    later = datetime.now(UTC) + 25 * MONTH

    async def act(number: int) -> None:
        async with database.begin() as session:
            if number % 3 == 0:
                service = RewardService(DEALER, customer_id, uuid7(), 10_000, later, Origin.now())
                await reward_services(session, [service], now=later)
            elif number % 3 == 1:
                await expire_points(session, now=later, limit=10)
            else:
                await redeem_points(session, RedeemPoints(DEALER, customer_id, 30, "gift", "me"), now=later)

    outcomes = await asyncio.gather(*(act(number) for number in range(18)), return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} <= {type(None), InsufficientPoints}
    spent = 30 * sum(outcome is None for outcome in outcomes[2::3])
    totals = await check_books()
    assert totals.pop("redemption", 0) == spent
    assert totals == {"issue": -1_100, "member": 600 - spent, "expiry": 500}


async def test_points_past_their_end_cannot_be_spent_though_no_job_has_run(
    enrol: Callable[..., Awaitable[UUID]],
    database: Database,
    check_books: Callable[[], Awaitable[dict[str, int]]],
):
    customer_id = await enrol(500)
    later = datetime.now(UTC) + 25 * MONTH

    async with database.begin() as session:
        await reward_services(
            session, [RewardService(DEALER, customer_id, uuid7(), 20_000, later, Origin.now())], now=later
        )
        with pytest.raises(InsufficientPoints) as refusal:
            await redeem_points(session, RedeemPoints(DEALER, customer_id, 201, "gift", "me"), now=later)

    assert (refusal.value.asked, refusal.value.held) == (201, 200)
    await check_books()
