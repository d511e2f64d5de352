"""Everything that happened to a customer, newest first, from the first day as a lead."""

from datetime import UTC, date, datetime, timedelta

from baoke_chassis.testing import DEALER, OTHER_DEALER
from baoke_events import (
    DueItem,
    LeadCaptured,
    LeadDefeated,
    LeadReactivated,
    MaintenanceDue,
    MessageSent,
    MessageSuppressed,
    PointsEarned,
    ReferralPaid,
    TierChanged,
    VisitStarted,
)

START = datetime(2025, 1, 1, tzinfo=UTC)


def on_day(day: int, dealer_id=DEALER) -> dict:
    return {"dealer_id": dealer_id, "occurred_at": START + timedelta(days=day)}


def facts_about(lead_id, customer_id, vehicle_id, store, new_id) -> list:
    lead = {"lead_id": lead_id, "store_id": store, "make": "大众", "model": "帕萨特"}
    service = {"vehicle_id": vehicle_id, "customer_id": customer_id, "store_id": store}
    item = DueItem(code="oil", name_zh="机油", name_en="Engine oil", due_on=date(2025, 6, 1), because="time")
    return [
        LeadCaptured(**on_day(1), **lead, channel="website", grade="a", next_contact_at=START),
        LeadDefeated(**on_day(2), **lead, stage="negotiating", grade="a", reason="price"),
        LeadReactivated(
            **on_day(3),
            **lead,
            reactivation_id=new_id(),
            signal_id=new_id(),
            signal_kind="price_cut",
            strategy="price_drop",
            reason="price",
            difference_cents=1_200_000,
            defeated_at=START,
            priority=80,
            attempt=1,
        ),
        MaintenanceDue(
            **on_day(5), **service, reminder_id=new_id(), step="first", items=(item,), due_on=item.due_on, odometer_km=9
        ),
        MessageSent(
            **on_day(6),
            party_id=lead_id,
            message_id=new_id(),
            message_class="marketing",
            channel="sms",
            template="care",
        ),
        VisitStarted(**on_day(7), **service, visit_id=new_id(), arrived_at=START),
        PointsEarned(
            **on_day(8),
            customer_id=customer_id,
            award_id=new_id(),
            points=1280,
            rule="service",
            source_event_id=new_id(),
            balance=1280,
        ),
        TierChanged(**on_day(9), customer_id=customer_id, from_tier="member", to_tier="silver"),
        ReferralPaid(**on_day(10), customer_id=customer_id, referral_id=new_id(), side="referee", points=2000),
        MessageSuppressed(
            **on_day(11),
            party_id=customer_id,
            message_id=new_id(),
            message_class="service",
            template="due",
            reason="capped",
        ),
    ]


async def test_the_story_of_a_customer_is_told_from_the_first_day_as_a_lead(
    client, deliver, lead_won, lead_contact, new_id, store, published
):
    lead_id, stranger = new_id(), new_id()
    await deliver(lead_contact(lead_id), lead_won(lead_id, **on_day(4)))
    registered = (await published())[0]
    facts = facts_about(lead_id, registered.customer_id, new_id(), store, new_id)
    others = facts_about(stranger, stranger, new_id(), store, new_id)

    await deliver(*facts[::-1], *others)
    await deliver(*facts, facts[0].model_copy(update={"dealer_id": OTHER_DEALER, "id": new_id()}))

    route = f"/v1/customers/{registered.customer_id}/timeline"
    items = (await client.get(route)).json()["items"]
    assert [item["kind"] for item in items if item["occurred_at"] < "2026"] == [
        "message_suppressed",
        "referral_paid",
        "tier_changed",
        "points_earned",
        "visit_started",
        "message_sent",
        "maintenance_due",
        "lead_won",
        "lead_reactivated",
        "lead_defeated",
        "lead_captured",
    ]
    assert {item["kind"] for item in items if item["occurred_at"] >= "2026"} == {
        "customer_registered",
        "vehicle_registered",
        "segment_changed",
    }
    by_kind = {item["kind"]: item for item in items}
    assert by_kind["points_earned"]["summary"] == {
        "zh": "获得 1,280 积分（service）",
        "en": "Earned 1,280 points (service)",
    }
    assert by_kind["lead_won"]["summary"]["zh"] == "购车：大众 帕萨特，¥200,000.00"
    assert by_kind["maintenance_due"]["summary"]["en"] == "Maintenance due on 2025-06-01: Engine oil"
    assert by_kind["lead_defeated"]["party_id"] == str(lead_id)


async def test_the_timeline_is_walked_page_by_page(client, deliver, lead_won, lead_contact, new_id, store, published):
    lead_id = new_id()
    await deliver(lead_contact(lead_id), lead_won(lead_id))
    customer_id = (await published())[0].customer_id
    await deliver(*facts_about(lead_id, customer_id, new_id(), store, new_id))
    route = f"/v1/customers/{customer_id}/timeline"
    whole = (await client.get(route)).json()["items"]

    seen, cursor = [], None
    while True:
        page = (await client.get(route, params={"limit": 3, **({"cursor": cursor} if cursor else {})})).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == whole
    assert len(whole) == 14


async def test_consents_given_and_withdrawn_are_part_of_the_story(client, register):
    customer_id = await register()
    grant = {"purpose": "marketing", "channel": "sms", "granted": True, "wording_version": "v1"}
    await client.put(f"/v1/customers/{customer_id}/consents", json=[grant])
    await client.put(f"/v1/customers/{customer_id}/consents", json=[{**grant, "granted": False}])

    items = (await client.get(f"/v1/customers/{customer_id}/timeline")).json()["items"]

    assert [item["kind"] for item in items] == ["consent_withdrawn", "consent_granted", "customer_registered"]
