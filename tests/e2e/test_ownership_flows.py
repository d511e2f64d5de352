"""Flows 2 and 3: mileage brings a reminder, a visit brings points."""

import random
from datetime import UTC, datetime, timedelta

from baoke_events import ServiceCompleted
from baoke_local.demo.dealer import until

CUSTOMERS = "/customer-service/v1/customers"
VISITS = "/service-reminder/v1/visits"
READINGS = "/customer-service/v1/odometer-readings/batch"


async def owner(dealer, *, vin, phone, days_owned=600):
    """A customer with a petrol car: (customer_id, vehicle_id)."""
    customer = await dealer.post(
        CUSTOMERS, {"name": "高远", "phone": phone, "email": "gao@example.cn", "store_id": dealer.store_id}
    )
    bought = (datetime.now(UTC) - timedelta(days=days_owned)).date().isoformat()
    vehicle = await dealer.post(
        f"{CUSTOMERS}/{customer['customer_id']}/vehicles",
        {"vin": vin, "make": "大众", "model": "迈腾", "powertrain": "petrol", "purchased_on": bought},
    )
    return customer["customer_id"], vehicle["vehicle_id"]


def telematics(vin, *, up_to_km, km_per_day, days, a_day=16):
    """Readings of a steady driver, oldest first."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    count = days * a_day
    return [
        {
            "vin": vin,
            "km": round(up_to_km - km_per_day * index / a_day),
            "read_at": (now - timedelta(days=index / a_day)).isoformat(),
            "source": "telematics",
        }
        for index in range(count - 1, -1, -1)
    ]


async def maintenance(dealer, vehicle_id, code):
    """The item of the vehicle's plan, once the service knows the vehicle."""

    async def look():
        plan = await dealer.get(f"/service-reminder/v1/vehicles/{vehicle_id}/maintenance")
        return next((item for item in plan["items"] if item["code"] == code), None)

    return await until(look, f"{code} in the plan")


async def test_mileage_projects_the_milestone_and_reminds_once(dealer):
    vin = "LSVNV2185P2300202"
    customer_id, vehicle_id = await owner(dealer, vin=vin, phone="13833330001")
    good = telematics(vin, up_to_km=29_600, km_per_day=45, days=60)
    typo = {**good[400], "km": 1_999_105, "read_at": (datetime.now(UTC) - timedelta(days=20.01)).isoformat()}
    past = {**good[-1], "km": 17, "read_at": (datetime.now(UTC) - timedelta(minutes=1)).isoformat()}
    readings = [*good, *good[100:138], typo, past]
    random.Random(5).shuffle(readings)  # noqa: S311 (a fixed order)
    assert len(readings) == 1000

    results = (await dealer.post(READINGS, readings))["results"]

    set_aside = {readings[r["index"]]["km"]: r["reason"] for r in results if r["status"] == "quarantined"}
    assert set(set_aside) == {1_999_105, 17}
    assert all(set_aside.values())
    assert sum(r["status"] == "accepted" for r in results) == 960
    vehicle = await dealer.get(f"/customer-service/v1/vehicles/{vehicle_id}")
    assert vehicle["odometer_km"] == 29_600

    async def all_heard():
        plan = await dealer.get(f"/service-reminder/v1/vehicles/{vehicle_id}/maintenance")
        return plan["odometer_km"] == 29_600

    await until(all_heard, "the readings to be heard")
    item = await maintenance(dealer, vehicle_id, "gearbox_oil")
    assert (item["due_km"], item["because"]) == (30_000, "distance")
    days_left = (datetime.fromisoformat(item["due_on"]).date() - datetime.now(UTC).date()).days
    assert 7 <= days_left <= 11
    message = await dealer.sent(customer_id, "maintenance_due")
    assert "变速箱油" in message["text"]
    assert "制动" in message["text"]

    await dealer.post(READINGS, readings)
    more = [{**good[-1], "km": 29_601, "read_at": datetime.now(UTC).isoformat()}]
    await dealer.post(READINGS, more)

    async def moved():
        return (await dealer.get(f"/customer-service/v1/vehicles/{vehicle_id}"))["odometer_km"] == 29_601

    await until(moved, "the next reading")
    assert len(await dealer.messages(customer_id, template="maintenance_due")) == 1


async def test_a_visit_earns_points_thanks_and_the_next_cycle_once(dealer, tap):
    vin = "LSVNV2182R2300404"
    customer_id, vehicle_id = await owner(dealer, vin=vin, phone="13833330002", days_owned=330)
    await maintenance(dealer, vehicle_id, "oil_service")
    visit_id = (await dealer.post(VISITS, {"vehicle_id": vehicle_id, "store_id": dealer.store_id}))["visit_id"]
    for stage in ("diagnosed", "quoted", "approved", "in_work", "quality_check", "ready"):
        quoted = {"quoted_cents": 125_000} if stage == "quoted" else {}
        await dealer.post(f"{VISITS}/{visit_id}/progress", {"stage": stage, **quoted})
    lines = [
        {"code": "oil_service", "description": "机油机滤", "amount_cents": 98_000},
        {"code": "labour", "description": "工时", "amount_cents": 30_000},
    ]

    await dealer.post(f"{VISITS}/{visit_id}/complete", {"odometer_km": 9_800, "lines": lines})
    trace_id = dealer.trace_id

    async def member():
        found = await dealer.get(f"/loyalty-service/v1/members/{customer_id}")
        return found if found["balance"] else None

    earned = await until(member, "the points")
    assert (earned["balance"], earned["tier_progress"]["spend_cents"]) == (1_280, 128_000)
    assert (await dealer.sent(customer_id, "service_thanks"))["trace_id"] == trace_id
    item = await maintenance(dealer, vehicle_id, "oil_service")
    assert (item["due_km"], item["cycle"] > 1) == (19_800, True)

    async def known():
        customer = await dealer.get(f"{CUSTOMERS}/{customer_id}")
        return customer if customer["rfm"]["money_cents"] else None

    customer = await until(known, "recency, frequency and money")
    assert (customer["rfm"]["frequency"], customer["rfm"]["money_cents"]) == (1, 128_000)

    def is_completion(event):
        return isinstance(event, ServiceCompleted) and str(event.visit_id) == visit_id

    await tap.redeliver(is_completion, times=2)
    again = await dealer.get(f"/loyalty-service/v1/members/{customer_id}")
    assert again["balance"] == 1_280
    assert (await dealer.get(f"{CUSTOMERS}/{customer_id}"))["rfm"] == customer["rfm"]
    assert len(await dealer.messages(customer_id, template="service_thanks")) == 1
    timeline = await dealer.items(f"{CUSTOMERS}/{customer_id}/timeline")
    assert [entry["kind"] for entry in timeline].count("service_completed") == 1
