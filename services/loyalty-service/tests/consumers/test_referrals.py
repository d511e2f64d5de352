"""Referrals from the facts of four topics."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from baoke_events import (
    MemberEnrolled,
    PointsEarned,
    ReferralPaid,
    ReferralQualified,
    ReferralVoided,
    RewardIssued,
    TierChanged,
)
from baoke_events.event import Event
from baoke_events.ids import uuid7

Deliver = Callable[..., Awaitable[None]]
Told = Callable[..., Awaitable[list[Any]]]
PHONE, OTHER_PHONE = "+8613800138000", "+8613900139000"
VIN = "LC0C14DA5N0000001"


@dataclass(frozen=True)
class People:
    """A member with a code, and who comes with it."""

    referrer: UUID
    code: str
    lead: UUID
    referee: UUID


@pytest.fixture
async def people(
    enrol: Callable[..., Awaitable[UUID]], code_of: Callable[[UUID], Awaitable[str]], deliver: Deliver, facts: Any
) -> People:
    referrer = await enrol()
    await deliver(facts.contact(referrer, PHONE))
    return People(referrer, await code_of(referrer), lead=uuid7(), referee=uuid7())


@pytest.fixture
async def no_hold(set_policy: Callable[..., Awaitable[None]]) -> None:
    """The dealer pays at once."""
    await set_policy(referral={"hold_days": 0})


@pytest.fixture
def purchase(facts: Any, people: People) -> list[Event]:
    """All that follows when the lead buys."""
    return [
        facts.contact(people.lead, OTHER_PHONE),
        facts.referred(people.lead, people.code),
        facts.won(people.lead, VIN, people.code),
        facts.registered(people.referee, people.lead),
        facts.vehicle(people.referee, VIN, people.lead),
        facts.contact(people.referee, OTHER_PHONE),
    ]


@pytest.fixture
def referral_of(client: httpx.AsyncClient) -> Callable[[UUID], Awaitable[dict[str, Any]]]:
    """Reads the one referral of a lead."""

    async def read(lead_id: UUID) -> dict[str, Any]:
        [referral] = (await client.get("/v1/referrals", params={"lead_id": str(lead_id)})).json()["items"]
        return dict(referral)

    return read


@pytest.mark.usefixtures("no_hold")
async def test_both_sides_get_points_and_a_fuel_card(
    people: People, purchase: list[Event], deliver: Deliver, told: Told, client: httpx.AsyncClient
):
    for event in purchase:
        await deliver(event)

    for customer_id in (people.referrer, people.referee):
        member = (await client.get(f"/v1/members/{customer_id}")).json()
        assert (member["balance"], member["pending"]) == (2_000, 0)
        [voucher] = (await client.get("/v1/vouchers", params={"customer_id": str(customer_id)})).json()["items"]
        assert (voucher["kind"], voucher["value_cents"], voucher["state"]) == ("fuel_card", 50_000, "issued")
    assert [(e.customer_id, e.points, e.rule) for e in await told(PointsEarned)] == [
        (people.referrer, 2_000, "referral"),
        (people.referee, 2_000, "referral"),
    ]
    paid = await told(ReferralPaid)
    assert [(e.customer_id, e.side, e.points, e.voucher_kind, e.voucher_value_cents) for e in paid] == [
        (people.referrer, "referrer", 2_000, "fuel_card", 50_000),
        (people.referee, "referee", 2_000, "fuel_card", 50_000),
    ]
    assert [e.voucher_id for e in paid] == [e.voucher_id for e in await told(RewardIssued)]
    [qualified] = await told(ReferralQualified)
    assert (qualified.customer_id, qualified.referee_customer_id) == (people.referrer, people.referee)
    assert {e.causation_id for e in (qualified, *paid)} == {purchase[-1].id}


@pytest.mark.usefixtures("no_hold")
async def test_the_whole_purchase_in_one_batch_has_the_same_effect(
    people: People,
    purchase: list[Event],
    deliver: Deliver,
    published: Callable[[], Awaitable[list[Event]]],
    referral_of: Callable[[UUID], Awaitable[dict[str, Any]]],
):
    await deliver(*purchase)

    assert (await referral_of(people.lead))["state"] == "paid"
    of_referee = [type(e) for e in await published() if getattr(e, "customer_id", None) == people.referee]
    assert of_referee == [MemberEnrolled, PointsEarned, RewardIssued, ReferralPaid]


@pytest.mark.usefixtures("no_hold")
async def test_a_paid_referral_counts_for_the_referrers_tier(
    people: People, purchase: list[Event], deliver: Deliver, told: Told, facts: Any, client: httpx.AsyncClient
):
    await deliver(facts.serviced(people.referrer, 100_000))

    await deliver(*purchase)

    [changed] = await told(TierChanged)
    assert (changed.customer_id, changed.to_tier) == (people.referrer, "silver")
    referee = (await client.get(f"/v1/members/{people.referee}")).json()
    assert referee["tier_progress"]["referrals"] == 0


async def test_a_referral_says_what_it_waits_for(
    people: People,
    purchase: list[Event],
    deliver: Deliver,
    referral_of: Callable[[UUID], Awaitable[dict[str, Any]]],
):
    waited_for = []
    contact, made, *rest = purchase

    for event in (made, contact, *rest):
        await deliver(event)
        waited_for.append((await referral_of(people.lead))["waiting_for"])

    assert waited_for == [
        ["purchase", "customer", "vehicle", "lead_contact", "referee_phone"],
        ["purchase", "customer", "vehicle", "referee_phone"],
        ["customer", "vehicle", "referee_phone"],
        ["vehicle", "referee_phone"],
        ["referee_phone"],
        [],
    ]


async def test_points_are_pending_within_the_hold_and_paid_after_it(
    people: People,
    purchase: list[Event],
    deliver: Deliver,
    told: Told,
    client: httpx.AsyncClient,
    run_job: Callable[..., Awaitable[int]],
    referral_of: Callable[[UUID], Awaitable[dict[str, Any]]],
    check_books: Callable[[], Awaitable[dict[str, int]]],
):
    await deliver(*purchase)
    held = await referral_of(people.lead)
    member = (await client.get(f"/v1/members/{people.referee}")).json()
    early = await run_job("pay_referrals", now=datetime.now(UTC) + timedelta(days=6, hours=23))
    due = await run_job("pay_referrals", now=datetime.now(UTC) + timedelta(days=7, minutes=1))

    assert (held["state"], held["points"], held["referee_id"]) == ("held", 2_000, str(people.referee))
    assert (member["balance"], member["pending"]) == (0, 2_000)
    assert (early, due) == (0, 1)
    assert (await referral_of(people.lead))["state"] == "paid"
    member = (await client.get(f"/v1/members/{people.referee}")).json()
    assert (member["balance"], member["pending"]) == (2_000, 0)
    assert {e.causation_id for e in await told(ReferralPaid)} == {purchase[-1].id}
    assert await check_books() == {"issue": -4_000, "member": 4_000}


async def test_fraud_that_shows_within_the_hold_voids_the_referral(
    people: People,
    purchase: list[Event],
    facts: Any,
    deliver: Deliver,
    told: Told,
    client: httpx.AsyncClient,
    run_job: Callable[..., Awaitable[int]],
    referral_of: Callable[[UUID], Awaitable[dict[str, Any]]],
):
    await deliver(*purchase)
    await deliver(facts.contact(people.referee, PHONE))

    await run_job("pay_referrals", now=datetime.now(UTC) + timedelta(days=8))

    referral = await referral_of(people.lead)
    assert (referral["state"], referral["reason"]) == ("voided", "same_phone")
    member = (await client.get(f"/v1/members/{people.referee}")).json()
    assert (member["balance"], member["pending"]) == (0, 0)
    assert [e.reason for e in await told(ReferralVoided)] == ["same_phone"]
    assert await told(PointsEarned) == []


async def test_the_terms_are_those_of_the_day_the_code_was_used(
    people: People,
    purchase: list[Event],
    deliver: Deliver,
    set_policy: Callable[..., Awaitable[None]],
    client: httpx.AsyncClient,
):
    contact, made, *rest = purchase
    await set_policy(referral={"points": 900, "voucher_kind": "car_wash", "voucher_value_cents": 100})
    await deliver(made)
    await set_policy(referral={"points": 5, "voucher_value_cents": 7, "hold_days": 0})

    await deliver(contact, *rest)

    assert (await client.get(f"/v1/members/{people.referee}")).json()["balance"] == 900
    [voucher] = (await client.get("/v1/vouchers", params={"customer_id": str(people.referee)})).json()["items"]
    assert (voucher["kind"], voucher["value_cents"]) == ("car_wash", 100)


@pytest.mark.usefixtures("no_hold")
async def test_a_code_that_nobody_has_is_kept_and_void(
    facts: Any,
    deliver: Deliver,
    published: Callable[[], Awaitable[list[Event]]],
    referral_of: Callable[[UUID], Awaitable[dict[str, Any]]],
):
    lead_id = uuid7()

    await deliver(facts.referred(lead_id, "nobody-000"), facts.won(lead_id, VIN))

    referral = await referral_of(lead_id)
    assert (referral["state"], referral["reason"], referral["referrer_id"]) == ("voided", "unknown_code", None)
    assert referral["code"] == "N0B0DY000"
    assert await published() == []


async def test_another_dealers_code_is_unknown(
    people: People, facts_of: type[Any], deliver: Deliver, client_as: Callable[..., httpx.AsyncClient]
):
    other = facts_of(uuid7())

    await deliver(other.referred(people.lead, people.code))

    stranger = client_as("manager", dealer_id=other.dealer_id)
    [referral] = (await stranger.get("/v1/referrals")).json()["items"]
    assert referral["reason"] == "unknown_code"


async def test_a_code_may_be_typed_as_people_do(
    people: People, facts: Any, deliver: Deliver, referral_of: Callable[[UUID], Awaitable[dict[str, Any]]]
):
    await deliver(facts.referred(people.lead, f" {people.code[:5].lower()}-{people.code[5:].lower()} "))

    assert (await referral_of(people.lead))["referrer_id"] == str(people.referrer)


@pytest.mark.usefixtures("no_hold")
async def test_a_second_code_for_the_same_lead_changes_nothing(
    people: People,
    facts: Any,
    deliver: Deliver,
    enrol: Callable[..., Awaitable[UUID]],
    code_of: Callable[[UUID], Awaitable[str]],
    referral_of: Callable[[UUID], Awaitable[dict[str, Any]]],
):
    other_code = await code_of(await enrol())

    await deliver(facts.referred(people.lead, people.code), facts.referred(people.lead, other_code))

    assert (await referral_of(people.lead))["referrer_id"] == str(people.referrer)


@pytest.mark.usefixtures("no_hold")
async def test_a_relay_number_identifies_nobody(
    people: People,
    purchase: list[Event],
    facts: Any,
    deliver: Deliver,
    referral_of: Callable[[UUID], Awaitable[dict[str, Any]]],
):
    *before, _ = purchase
    await deliver(*before, facts.contact(people.referee, PHONE, is_relay=True))
    waiting = await referral_of(people.lead)

    await deliver(facts.contact(people.referee, OTHER_PHONE))

    assert (waiting["state"], waiting["waiting_for"]) == ("created", ["referee_phone"])
    assert (await referral_of(people.lead))["state"] == "paid"


async def test_referrals_are_listed_by_state_and_referrer(
    people: People, purchase: list[Event], facts: Any, deliver: Deliver, client: httpx.AsyncClient
):
    await deliver(*purchase, facts.referred(uuid7(), people.code), facts.referred(uuid7(), "NOBODY0000"))

    async def states(**asked: str) -> list[str]:
        items = (await client.get("/v1/referrals", params=asked)).json()["items"]
        return [referral["state"] for referral in items]

    assert await states() == ["voided", "created", "held"]
    assert await states(referrer_id=str(people.referrer)) == ["created", "held"]
    assert await states(state="held") == ["held"]
    assert await states(state="paid") == []


@pytest.mark.usefixtures("no_hold")
async def test_a_purchase_earns_points_where_the_dealer_gives_some(
    facts: Any,
    deliver: Deliver,
    set_policy: Callable[..., Awaitable[None]],
    told: Told,
    check_books: Callable[[], Awaitable[dict[str, int]]],
):
    await set_policy(earning={"purchase_points": 5_000})
    lead_id, customer_id = uuid7(), uuid7()

    await deliver(facts.registered(customer_id, lead_id))
    await deliver(won := facts.won(lead_id, VIN))
    await deliver(facts.vehicle(customer_id, VIN, lead_id))

    [earned] = await told(PointsEarned)
    assert (earned.rule, earned.points, earned.source_event_id) == ("purchase", 5_000, won.id)
    assert await check_books() == {"issue": -5_000, "member": 5_000}
