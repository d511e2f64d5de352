"""Finished visits count for recency, frequency and money, for the segment and for the odometer."""

from datetime import UTC, datetime, timedelta

import pytest
from baoke_chassis.testing import DEALER
from baoke_events import MileageUpdated, SegmentChanged, ServiceCompleted, ServiceLine


@pytest.fixture
def completed(store, new_id):
    def make(customer_id, vehicle_id, *, days_ago: float = 1, yuan: int = 1_280, km: int = 30_000, **fields):
        at = datetime.now(UTC) - timedelta(days=days_ago)
        defaults = {"dealer_id": DEALER, "occurred_at": at, "visit_id": new_id(), "completed_at": at}
        line = ServiceLine(code="oil_change", description="机油", amount_cents=yuan * 100)
        return ServiceCompleted(
            customer_id=customer_id,
            vehicle_id=vehicle_id,
            store_id=store,
            odometer_km=km,
            lines=(line,),
            amount_cents=yuan * 100,
            **{**defaults, **fields},
        )

    return make


async def test_a_visit_delivered_three_times_counts_once(
    client, deliver, register, add_vehicle, completed, published, new_id
):
    customer_id = await register()
    vehicle_id = await add_vehicle(customer_id)
    event = completed(customer_id, vehicle_id)

    await deliver(event, event)
    await deliver(event)
    await deliver(event.model_copy(update={"id": new_id()}))

    shown = (await client.get(f"/v1/customers/{customer_id}")).json()
    assert shown["rfm"] == {
        "last_visit_at": event.completed_at.isoformat().replace("+00:00", "Z"),
        "recency_days": 1,
        "frequency": 1,
        "money_cents": 128_000,
        "services": 1,
    }
    (mileage,) = [e for e in await published() if isinstance(e, MileageUpdated)]
    assert (mileage.km, mileage.reading_source, mileage.causation_id) == (30_000, "workshop", event.id)
    assert shown["vehicles"][0]["odometer_km"] == 30_000


async def test_a_workshops_typo_is_quarantined_like_any_other(client, deliver, register, add_vehicle, completed):
    customer_id = await register()
    vehicle_id = await add_vehicle(customer_id)

    await deliver(completed(customer_id, vehicle_id, days_ago=10, km=30_000))
    await deliver(completed(customer_id, vehicle_id, days_ago=9, km=300_000))

    assert (await client.get(f"/v1/vehicles/{vehicle_id}")).json()["odometer_km"] == 30_000
    readings = (await client.get(f"/v1/vehicles/{vehicle_id}/odometer-readings")).json()["items"]
    assert [(r["km"], r["source"], r["reason"]) for r in readings] == [
        (300_000, "workshop", "implausible_distance"),
        (30_000, "workshop", None),
    ]


async def test_visits_lift_a_customer_to_the_core_and_time_lets_them_slip(
    client, deliver, register, add_vehicle, completed, published, run_job
):
    customer_id = await register()
    vehicle_id = await add_vehicle(customer_id)
    visits = [completed(customer_id, vehicle_id, days_ago=200 - 90 * n, yuan=1_600, km=9_000 + n) for n in range(3)]

    await deliver(*visits)
    await run_job("review segments", now=datetime.now(UTC) + timedelta(days=170))
    await run_job("review segments", now=datetime.now(UTC) + timedelta(days=800))

    changes = [(e.from_segment, e.to_segment) for e in await published() if isinstance(e, SegmentChanged)]
    assert changes == [("prospect", "sleeping"), ("sleeping", "core"), ("core", "potential"), ("potential", "sleeping")]
    assert (await client.get(f"/v1/customers/{customer_id}")).json()["segment"] == "sleeping"


async def test_a_visit_of_a_customer_who_is_not_known_is_kept(client, deliver, completed, new_id, published):
    await deliver(completed(new_id(), new_id()))

    assert await published() == []
