"""A sale that was undone earns nothing: points are taken back, referrals void, whatever was heard first."""

from itertools import permutations

import pytest
from baoke_events import (
    PointsEarned,
    PointsReversed,
    ReferralClawedBack,
    ReferralPaid,
    ReferralQualified,
    ReferralVoided,
)
from baoke_events.ids import uuid7
from sqlalchemy import text

VIN = "LC0CE4CB7N0123455"
OTHER_VIN = "LC0CE4CB0P0123459"


@pytest.fixture
async def referrer(enrol, deliver, facts):
    """A member whose phone is known."""
    customer_id = await enrol()
    await deliver(facts.contact(customer_id, "+8613800000001"))
    return customer_id


@pytest.fixture
def story(facts, code_of, referrer):
    """What is told of a referred lead that buys: its referral, sale, person, vehicle and phone."""

    async def tell(lead_id, buyer, *, vin=VIN, sale=1):
        return {
            "referred": facts.referred(lead_id, await code_of(referrer)),
            "won": facts.won(lead_id, vin, sale=sale),
            "registered": facts.registered(buyer, lead_id),
            "vehicle": facts.vehicle(buyer, vin, lead_id, sale),
            "lead": facts.contact(lead_id, "+8613800000002"),
            "buyer": facts.contact(buyer, "+8613800000002"),
        }

    return tell


@pytest.fixture
def referral_of(client):
    async def read(lead_id):
        [referral] = (await client.get("/v1/referrals", params={"lead_id": str(lead_id)})).json()["items"]
        return referral

    return read


@pytest.fixture
def balance_of(client):
    async def read(customer_id):
        return (await client.get(f"/v1/members/{customer_id}")).json()["balance"]

    return read


async def test_a_held_referral_is_void_and_nothing_stays_promised(
    deliver, facts, story, referrer, referral_of, told, client, check_books
):
    lead_id, buyer = uuid7(), uuid7()
    said = await story(lead_id, buyer)
    await deliver(*said.values())

    await deliver(facts.undone(said["won"]))

    referral = await referral_of(lead_id)
    assert (referral["state"], referral["reason"]) == ("voided", "sale_cancelled")
    [voided] = await told(ReferralVoided)
    assert (voided.customer_id, voided.reason) == (referrer, "sale_cancelled")
    for member in (referrer, buyer):
        assert (await client.get(f"/v1/members/{member}")).json()["pending"] == 0
    assert await told(PointsReversed) == []
    await check_books()


async def test_a_paid_referral_is_clawed_back_from_both_sides(
    deliver, facts, story, referrer, referral_of, told, client, set_policy, balance_of, check_books
):
    await set_policy(referral={"hold_days": 0})
    lead_id, buyer = uuid7(), uuid7()
    said = await story(lead_id, buyer)
    await deliver(*said.values())

    await deliver(facts.undone(said["won"]))

    assert (await referral_of(lead_id))["state"] == "voided"
    back = await told(PointsReversed)
    assert {(event.customer_id, event.points, event.shortfall, event.balance) for event in back} == {
        (referrer, 2_000, 0, 0),
        (buyer, 2_000, 0, 0),
    }
    clawed = {event.customer_id: event for event in await told(ReferralClawedBack)}
    paid = {event.customer_id: event for event in await told(ReferralPaid)}
    assert {who: event.voucher_id for who, event in clawed.items()} == {
        who: event.voucher_id for who, event in paid.items()
    }
    assert {(event.side, event.points) for event in clawed.values()} == {("referrer", 2_000), ("referee", 2_000)}
    for member in (referrer, buyer):
        assert await balance_of(member) == 0
        [voucher] = (await client.get("/v1/vouchers", params={"customer_id": str(member)})).json()["items"]
        assert voucher["state"] == "void"
        used = await client.post(f"/v1/vouchers/{voucher['code']}/redeem")
        assert (used.status_code, used.json()["type"]) == (409, "/problems/voucher-void")
    totals = await check_books()
    assert totals.get("member", 0) == 0


async def test_points_that_were_spent_come_out_of_the_others_and_nobody_owes_any(
    deliver, facts, story, referrer, told, client, set_policy, balance_of, check_books
):
    await set_policy(referral={"hold_days": 0})
    lead_id, buyer = uuid7(), uuid7()
    said = await story(lead_id, buyer)
    await deliver(*said.values(), facts.serviced(referrer, amount_cents=50_000))
    for member, points in ((referrer, 1_800), (buyer, 2_000)):
        spent = await client.post(f"/v1/members/{member}/redemptions", json={"points": points, "reason": "洗车"})
        assert spent.is_success, spent.text

    await deliver(facts.undone(said["won"]))

    back = {event.customer_id: (event.points, event.shortfall) for event in await told(PointsReversed)}
    assert back == {referrer: (700, 1_300), buyer: (0, 2_000)}
    assert (await balance_of(referrer), await balance_of(buyer)) == (0, 0)
    await check_books()


async def test_points_of_a_purchase_are_taken_back(deliver, facts, set_policy, told, balance_of, check_books, client):
    await set_policy(earning={"purchase_points": 500})
    lead_id, buyer = uuid7(), uuid7()
    won = facts.won(lead_id, VIN)
    await deliver(won, facts.registered(buyer, lead_id))
    before = await balance_of(buyer)

    await deliver(facts.undone(won))

    assert (before, await balance_of(buyer)) == (500, 0)
    [back] = await told(PointsReversed)
    assert (back.rule, back.source_event_id, back.points) == ("purchase", won.id, 500)
    [line, _] = (await client.get(f"/v1/members/{buyer}/statement")).json()["items"]
    assert (line["kind"], line["points"]) == ("reversed", -500)
    await check_books()


ORDERS = [
    order
    for order in permutations(["won", "undone", "registered", "vehicle", "buyer"])
    if order.index("won") < order.index("undone")
]


@pytest.mark.parametrize("order", ORDERS)
async def test_in_whatever_order_the_topics_come_nobody_is_rewarded(
    deliver, facts, story, referral_of, set_policy, balance_of, referrer, check_books, order
):
    await set_policy(referral={"hold_days": 0}, earning={"purchase_points": 500})
    lead_id, buyer = uuid7(), uuid7()
    said = await story(lead_id, buyer)
    said["undone"] = facts.undone(said["won"])
    await deliver(said["referred"], said["lead"])

    for name in order:
        await deliver(said[name])

    referral = await referral_of(lead_id)
    assert (referral["state"], referral["reason"]) == ("voided", "sale_cancelled")
    assert (await balance_of(buyer), await balance_of(referrer)) == (0, 0)
    await check_books()


@pytest.mark.parametrize("together", [True, False])
async def test_a_lead_that_buys_after_all_is_rewarded_once(
    deliver, facts, story, referrer, referral_of, told, set_policy, balance_of, check_books, session, together
):
    await set_policy(referral={"hold_days": 0}, earning={"purchase_points": 500})
    lead_id, buyer = uuid7(), uuid7()
    first, second = await story(lead_id, buyer), await story(lead_id, buyer, vin=OTHER_VIN, sale=2)
    sales = [*first.values(), facts.undone(first["won"]), facts.returned(first["vehicle"])]
    sales += [second["won"], second["vehicle"]]
    await deliver(*sales) if together else [await deliver(event) for event in sales]
    events = [await told(kind) for kind in (PointsEarned, PointsReversed, ReferralPaid, ReferralVoided)]
    await session.execute(text("TRUNCATE inbox"))
    await session.commit()

    await deliver(*sales)

    assert (await referral_of(lead_id))["state"] == "paid"
    assert (await balance_of(referrer), await balance_of(buyer)) == (2_000, 2_500)
    assert [await told(kind) for kind in (PointsEarned, PointsReversed, ReferralPaid, ReferralVoided)] == events
    await check_books()


async def test_the_second_sale_waits_for_its_own_vehicle(deliver, facts, story, referral_of, told):
    lead_id, buyer = uuid7(), uuid7()
    first, second = await story(lead_id, buyer), await story(lead_id, buyer, vin=OTHER_VIN, sale=2)
    await deliver(*first.values(), facts.undone(first["won"]), second["won"])
    waiting = await referral_of(lead_id)

    await deliver(second["vehicle"])

    assert (waiting["state"], (await referral_of(lead_id))["state"]) == ("voided", "held")
    assert len(await told(ReferralQualified)) == 2


async def test_who_used_a_voucher_gets_no_other_for_the_next_sale(
    deliver, facts, story, referrer, set_policy, client, check_books
):
    await set_policy(referral={"hold_days": 0})
    lead_id, buyer = uuid7(), uuid7()
    first, second = await story(lead_id, buyer), await story(lead_id, buyer, vin=OTHER_VIN, sale=2)
    await deliver(*first.values())
    [voucher] = (await client.get("/v1/vouchers", params={"customer_id": str(referrer)})).json()["items"]
    await client.post(f"/v1/vouchers/{voucher['code']}/redeem")

    await deliver(facts.undone(first["won"]), second["won"], second["vehicle"])

    states = {
        member: sorted(
            one["state"]
            for one in (await client.get("/v1/vouchers", params={"customer_id": str(member)})).json()["items"]
        )
        for member in (referrer, buyer)
    }
    assert states == {referrer: ["redeemed"], buyer: ["issued", "void"]}
    await check_books()


async def test_a_car_that_was_given_back_makes_nobody_its_owner(deliver, facts, story, referrer, referral_of):
    entered_wrongly = facts.vehicle(referrer, VIN, uuid7())
    lead_id, buyer = uuid7(), uuid7()

    await deliver(entered_wrongly, facts.returned(entered_wrongly))
    await deliver(*(await story(lead_id, buyer)).values())

    assert (await referral_of(lead_id))["state"] == "held"


@pytest.mark.parametrize("together", [True, False])
async def test_who_bought_the_car_after_all_is_its_owner(deliver, facts, story, referrer, referral_of, together):
    bought = facts.vehicle(referrer, VIN, uuid7())
    after_all = bought.model_copy(update={"id": uuid7(), "sale": 2})
    told = [bought, facts.returned(bought), after_all]
    lead_id, buyer = uuid7(), uuid7()

    await deliver(*told) if together else [await deliver(event) for event in told]
    await deliver(*(await story(lead_id, buyer)).values())

    referral = await referral_of(lead_id)
    assert (referral["state"], referral["reason"]) == ("voided", "same_vehicle")
