"""Completed services become points, once, in few statements."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from baoke_events import MemberEnrolled, PointsEarned, ServiceCompleted, TierChanged
from baoke_events.event import Event
from baoke_events.ids import uuid7
from loyalty_service.domain.awards import life_from
from loyalty_service.domain.policy import LoyaltyPolicy

Deliver = Callable[..., Awaitable[None]]
Told = Callable[..., Awaitable[list[Any]]]


async def test_a_service_earns_a_point_per_whole_yuan(facts: Any, deliver: Deliver, told: Told):
    customer_id = uuid7()
    service = facts.serviced(customer_id, amount_cents=128_050)

    await deliver(facts.registered(customer_id), service)

    [earned] = await told(PointsEarned)
    assert (earned.customer_id, earned.points, earned.balance, earned.rule) == (customer_id, 1_280, 1_280, "service")
    assert (earned.source_event_id, earned.causation_id) == (service.id, service.id)
    assert earned.expires_on == life_from(service.completed_at, LoyaltyPolicy()).expires_on


async def test_a_service_told_before_the_customer_is_not_lost(
    facts: Any, deliver: Deliver, published: Callable[[], Awaitable[list[Event]]], client: httpx.AsyncClient
):
    customer_id = uuid7()

    await deliver(facts.serviced(customer_id))
    await deliver(facts.registered(customer_id))

    assert [type(event) for event in await published()] == [MemberEnrolled, PointsEarned]
    assert (await client.get(f"/v1/members/{customer_id}")).json()["balance"] == 1_280


async def test_a_service_told_three_times_counts_once(
    facts: Any, deliver: Deliver, told: Told, client: httpx.AsyncClient
):
    service = facts.serviced(uuid7())

    await deliver(service, service)
    await deliver(service)

    member = (await client.get(f"/v1/members/{service.customer_id}")).json()
    assert (member["balance"], member["tier_progress"]["services"]) == (1_280, 1)
    assert len(await told(PointsEarned)) == 1


async def test_a_free_service_earns_nothing_and_still_counts_for_the_tier(
    facts: Any, deliver: Deliver, told: Told, client: httpx.AsyncClient
):
    customer_id = uuid7()

    await deliver(facts.serviced(customer_id, amount_cents=0))

    member = (await client.get(f"/v1/members/{customer_id}")).json()
    assert (member["balance"], member["tier_progress"]["services"]) == (0, 1)
    assert await told(PointsEarned) == []


async def test_the_tier_rises_with_the_service_that_reaches_it(facts: Any, deliver: Deliver, told: Told):
    customer_id = uuid7()

    await deliver(facts.serviced(customer_id, amount_cents=200_000))
    await deliver(facts.serviced(customer_id, amount_cents=50_000), facts.serviced(customer_id, amount_cents=0))

    [changed] = await told(TierChanged)
    assert (changed.customer_id, changed.from_tier, changed.to_tier) == (customer_id, "member", "silver")


async def test_a_service_outside_the_window_earns_points_and_no_tier(
    facts: Any, deliver: Deliver, told: Told, client: httpx.AsyncClient
):
    customer_id = uuid7()
    long_ago = datetime.now(UTC) - timedelta(days=400)

    await deliver(facts.serviced(customer_id, amount_cents=900_000, completed_at=long_ago))

    member = (await client.get(f"/v1/members/{customer_id}")).json()
    assert (member["balance"], member["tier"], member["tier_progress"]["score"]) == (9_000, "member", 0)


async def test_the_dealers_rate_counts(
    facts: Any, deliver: Deliver, client: httpx.AsyncClient, set_policy: Callable[..., Awaitable[None]]
):
    await set_policy(earning={"points_per_yuan": 3})
    customer_id = uuid7()

    await deliver(facts.serviced(customer_id, amount_cents=10_000))

    assert (await client.get(f"/v1/members/{customer_id}")).json()["balance"] == 300


async def test_dealers_in_one_batch_do_not_mix(
    facts: Any,
    facts_of: type[Any],
    deliver: Deliver,
    client: httpx.AsyncClient,
    client_as: Callable[..., httpx.AsyncClient],
):
    customer_id, other_dealer = uuid7(), uuid7()

    await deliver(facts.serviced(customer_id, 10_000), facts_of(other_dealer).serviced(customer_id, 70_000))

    other = client_as("manager", dealer_id=other_dealer)
    assert (await client.get(f"/v1/members/{customer_id}")).json()["balance"] == 100
    assert (await other.get(f"/v1/members/{customer_id}")).json()["balance"] == 700


async def test_five_hundred_services_take_as_many_statements_as_one(
    facts: Any,
    deliver: Deliver,
    count_statements: Callable[[], AbstractAsyncContextManager[list[str]]],
    check_books: Callable[[], Awaitable[dict[str, int]]],
):
    people = [uuid7() for _ in range(200)]

    async with count_statements() as for_one:
        await deliver(facts.serviced(uuid7(), 400_000))
    async with count_statements() as for_many:
        await deliver(*(facts.serviced(people[n % len(people)], 400_000) for n in range(500)))

    assert len(for_many) == len(for_one)
    assert await check_books() == {"issue": -501 * 4_000, "member": 501 * 4_000}


async def test_many_services_of_one_member_in_one_batch_chain_their_balances(
    facts: Any, deliver: Deliver, told: Told, check_books: Callable[[], Awaitable[dict[str, int]]]
):
    customer_id = uuid7()
    services: list[ServiceCompleted] = [facts.serviced(customer_id, 100 * n) for n in (1, 2, 3, 4)]

    await deliver(*services)

    assert [(e.points, e.balance, e.sequence) for e in await told(PointsEarned)] == [
        (1, 1, 2),
        (2, 3, 3),
        (3, 6, 4),
        (4, 10, 5),
    ]
    await check_books()


async def test_what_is_told_belongs_to_the_story_of_the_service(facts: Any, deliver: Deliver, told: Told):
    correlation_id: UUID = uuid7()
    service = facts.serviced(uuid7()).model_copy(update={"correlation_id": correlation_id})

    await deliver(service)

    for event in [*await told(MemberEnrolled), *await told(PointsEarned)]:
        assert (event.causation_id, event.correlation_id) == (service.id, correlation_id)
