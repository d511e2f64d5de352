"""Of what was undone nothing more is said, whichever is heard of first."""

from datetime import date, timedelta

import pytest
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import DEALER
from baoke_events import (
    DueItem,
    LeadReactivated,
    LeadReactivationEnded,
    LeadWon,
    LeadWonCancelled,
    MaintenanceDue,
    MessageSuppressed,
    PointsEarned,
    PointsReversed,
    ReferralClawedBack,
    ReferralPaid,
    TradeInCandidateFound,
    VehicleDisposed,
    VehicleReturned,
)
from baoke_events.ids import uuid7
from notification_service.consumers.services import tell_owners
from notification_service.consumers.vehicles import say_no_more_of_vehicles
from sqlalchemy import text

BEFORE = utc_now() - timedelta(minutes=10)
AFTER = utc_now() - timedelta(minutes=5)


def due(customer_id, vehicle_id, at=BEFORE):
    item = DueItem(
        code="oil_service", name_zh="机油保养", name_en="Oil service", due_on=date(2026, 1, 9), because="time"
    )
    return MaintenanceDue(
        dealer_id=DEALER,
        occurred_at=at,
        vehicle_id=vehicle_id,
        customer_id=customer_id,
        store_id=uuid7(),
        reminder_id=uuid7(),
        step="first",
        items=(item,),
        due_on=date(2026, 1, 9),
        odometer_km=10,
    )


def returned(customer_id, vehicle_id):
    return VehicleReturned(
        dealer_id=DEALER,
        occurred_at=AFTER,
        vehicle_id=vehicle_id,
        customer_id=customer_id,
        store_id=uuid7(),
        vin="LC0CE4CB7N0123455",
        make="BYD",
        model="Seal",
        lead_id=uuid7(),
        sale=1,
        reason="customer_withdrew",
    )


def disposed(customer_id, vehicle_id):
    car = {"vehicle_id": vehicle_id, "vin": "LC0CE4CB7N0123455", "make": "BYD", "model": "Seal", "store_id": uuid7()}
    return VehicleDisposed(dealer_id=DEALER, occurred_at=AFTER, customer_id=customer_id, **car, reason="traded_in")


def worth_an_offer(customer_id, vehicle_id):
    car = {"vehicle_id": vehicle_id, "make": "BYD", "model": "Seal", "owned_months": 40, "odometer_km": 60_000}
    told = {"dealer_id": DEALER, "occurred_at": BEFORE, "customer_id": customer_id, "store_id": uuid7()}
    return TradeInCandidateFound(**told, **car)


def reactivated(lead_id, reactivation_id):
    told = {"dealer_id": DEALER, "occurred_at": BEFORE, "lead_id": lead_id, "store_id": uuid7()}
    why = {"signal_id": uuid7(), "signal_kind": "price_cut", "strategy": "price_drop", "reason": "price"}
    car = {"make": "BYD", "model": "Seal", "difference_cents": 1_200_000, "defeated_at": BEFORE}
    return LeadReactivated(**told, **why, **car, reactivation_id=reactivation_id, priority=80, attempt=1)


def withdrawn(lead_id, reactivation_id):
    told = {"dealer_id": DEALER, "occurred_at": AFTER, "lead_id": lead_id, "store_id": uuid7()}
    why = {"signal_id": uuid7(), "strategy": "price_drop", "reason": "price", "held_out": False}
    return LeadReactivationEnded(
        **told, **why, reactivation_id=reactivation_id, outcome="withdrawn", reactivated_at=BEFORE
    )


def earned(customer_id, award_id):
    told = {"dealer_id": DEALER, "occurred_at": BEFORE, "customer_id": customer_id, "award_id": award_id}
    return PointsEarned(**told, points=500, rule="purchase", source_event_id=uuid7(), balance=500)


def taken_back(customer_id, award_id):
    told = {"dealer_id": DEALER, "occurred_at": AFTER, "customer_id": customer_id, "award_id": award_id}
    return PointsReversed(
        **told, points=500, rule="purchase", source_event_id=uuid7(), balance=0, reason="sale_cancelled"
    )


def paid(customer_id, referral_id):
    told = {"dealer_id": DEALER, "occurred_at": BEFORE, "customer_id": customer_id, "referral_id": referral_id}
    return ReferralPaid(**told, side="referrer", points=2000)


def clawed_back(customer_id, referral_id):
    told = {"dealer_id": DEALER, "occurred_at": AFTER, "customer_id": customer_id, "referral_id": referral_id}
    return ReferralClawedBack(**told, lead_id=uuid7(), side="referrer", points=2000, reason="sale_cancelled")


PAIRS = [
    (due, returned),
    (due, disposed),
    (worth_an_offer, disposed),
    (reactivated, withdrawn),
    (earned, taken_back),
    (paid, clawed_back),
]


@pytest.mark.parametrize(("fact", "undoing"), PAIRS)
@pytest.mark.parametrize("undone_first", [True, False])
async def test_what_was_undone_is_not_told(
    deliver, introduce, run_job, messages_of, published, noon, fact, undoing, undone_first
):
    customer_id, thing = await introduce(), uuid7()
    events = [fact(customer_id, thing), undoing(customer_id, thing)]

    for event in events[::-1] if undone_first else events:
        await deliver(event)
    await run_job("send_due_messages", now=noon)

    [message] = await messages_of(customer_id)
    assert (message["state"], message["reason"]) == ("suppressed", "overtaken")
    assert [type(event) for event in await published()] == [MessageSuppressed]


@pytest.mark.parametrize(("fact", "undoing"), PAIRS)
async def test_what_was_not_undone_is_told(deliver, introduce, run_job, messages_of, noon, fact, undoing):
    customer_id, other = await introduce(), await introduce()
    thing = uuid7()

    await deliver(fact(customer_id, thing), fact(other, thing))
    await deliver(undoing(customer_id, uuid7()), undoing(other, uuid7()))
    await run_job("send_due_messages", now=noon)

    for party in (customer_id, other):
        assert [message["state"] for message in await messages_of(party)] == ["sent"]


async def test_what_happens_after_is_told(deliver, introduce, run_job, messages_of, noon):
    customer_id, vehicle_id = await introduce(), uuid7()

    await deliver(returned(customer_id, vehicle_id))
    await deliver(due(customer_id, vehicle_id, at=utc_now()))
    await run_job("send_due_messages", now=noon)

    assert [message["state"] for message in await messages_of(customer_id)] == ["sent"]


async def test_a_dealers_own_journey_of_a_sale_ends_with_it(client, deliver, introduce, messages_of):
    journey = {
        "name": "bought",
        "event": "LeadWon",
        "template": "service_thanks",
        "message_class": "service",
        "delay_s": 86_400,
    }
    assert (await client.put("/v1/policy", json={"journeys": [journey]})).status_code == 200
    lead_id = await introduce(party_kind="lead")
    car = {"vin": "LC0CE4CB7N0123455", "make": "BYD", "model": "Seal", "price_cents": 1, "sold_at": BEFORE}
    told = {"dealer_id": DEALER, "lead_id": lead_id, "store_id": uuid7(), "channel": "website", **car}
    won = [LeadWon(**told, occurred_at=BEFORE, sale=1), LeadWon(**told, occurred_at=AFTER, sale=2)]
    cancelled = LeadWonCancelled(
        **told, occurred_at=AFTER, sale=1, won_event_id=won[0].id, reason="other", stage="negotiating"
    )

    await deliver(won[0], cancelled, won[1])

    assert sorted(message["state"] for message in await messages_of(lead_id)) == ["suppressed", "waiting"]


async def test_what_is_planned_and_undone_at_the_same_time_is_not_told(
    database, introduce, run_job, messages_of, published, noon
):
    customer_id, vehicle_id = await introduce(), uuid7()

    async with database.begin() as planning, database.begin() as undoing:
        await tell_owners(planning, [due(customer_id, vehicle_id)], now=utc_now())
        await say_no_more_of_vehicles(undoing, [returned(customer_id, vehicle_id)], now=utc_now())
    await run_job("send_due_messages", now=noon)

    [message] = await messages_of(customer_id)
    assert (message["state"], message["reason"]) == ("suppressed", "overtaken")
    assert [type(event) for event in await published()] == [MessageSuppressed]


async def test_what_was_undone_is_remembered_for_as_long_as_something_may_wait(deliver, introduce, run_job, session):
    customer_id = await introduce()
    await deliver(returned(customer_id, uuid7()))
    known = text("SELECT count(*) FROM undone_fact")
    before = (await session.scalars(known)).one()

    await run_job("forget_undone_facts", now=AFTER + timedelta(days=365 + 14))
    assert (await session.scalars(known)).one() == before > 0

    assert await run_job("forget_undone_facts", now=AFTER + timedelta(days=365 + 14, seconds=1)) == before
    assert (await session.scalars(known)).one() == 0
