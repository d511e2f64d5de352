"""Flows 2 and 3: the odometer says when maintenance is due, and the visit earns points."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

from baoke_local.demo.dealer import Dealer, until
from baoke_local.demo.telling import Tell, chapter, effect, fact, message, text_of, yuan

VIN = "LSVNV2183N2300101"
LINES = (
    {"code": "gearbox_oil", "description": "变速箱油更换", "amount_cents": 88_000},
    {"code": "brake_inspection", "description": "制动系统检查", "amount_cents": 25_000},
    {"code": "labour", "description": "工时", "amount_cents": 15_000},
)


async def play(dealer: Dealer, tell: Tell) -> str:
    """Tell how mileage becomes a reminder, and a visit becomes points. Returns the owner's customer id."""
    chapter(tell, 2, "Mileage updated, maintenance due (维保提醒)")
    customer_id, vehicle_id = await _register(dealer, tell)
    await _drive(dealer, tell)
    await _due(dealer, tell, customer_id, vehicle_id)
    chapter(tell, 3, "Service completed (维修交付)")
    trace_id = await _visit(dealer, tell, vehicle_id)
    await _rewarded(dealer, tell, customer_id, trace_id)
    return customer_id


async def _register(dealer: Dealer, tell: Tell) -> tuple[str, str]:
    person = {"name": "王磊", "phone": "13900139101", "email": "wang.lei@example.cn", "store_id": dealer.store_id}
    customer = await dealer.post("/customer-service/v1/customers", person)
    customer_id = str(customer["customer_id"])
    bought = (datetime.now(UTC) - timedelta(days=520)).date().isoformat()
    vehicle = {"vin": VIN, "plate": "沪A12345", "make": "大众", "model": "途观L", "powertrain": "petrol"}
    registered = await dealer.post(
        f"/customer-service/v1/customers/{customer_id}/vehicles", {**vehicle, "purchased_on": bought}
    )
    fact(tell, f"王磊 registers with a petrol 途观L, VIN {VIN}")
    return customer_id, str(registered["vehicle_id"])


async def _drive(dealer: Dealer, tell: Tell) -> None:
    now = datetime.now(UTC)
    readings = [
        {
            "vin": VIN,
            "km": int(row["km"]),
            "read_at": (now - timedelta(days=float(row["days_ago"]))).isoformat(),
            "source": "telematics",
        }
        for row in csv.DictReader(StringIO(text_of("telematics.csv")))
    ]
    answer = await dealer.post("/customer-service/v1/odometer-readings/batch", readings)
    results = answer["results"]
    counts = {status: sum(r["status"] == status for r in results) for status in ("accepted", "repeated", "quarantined")}
    fact(
        tell, f"telematics.csv: {len(results)} readings, shuffled → " + ", ".join(f"{n} {s}" for s, n in counts.items())
    )
    for result in results:
        if result["status"] == "quarantined":
            effect(tell, f"{readings[result['index']]['km']:,} km is set aside: {result['reason']}")


async def _due(dealer: Dealer, tell: Tell, customer_id: str, vehicle_id: str) -> None:
    newest_km = (await dealer.get(f"/customer-service/v1/vehicles/{vehicle_id}"))["odometer_km"]

    async def look() -> dict[str, Any] | None:
        plan: dict[str, Any] = await dealer.get(f"/service-reminder/v1/vehicles/{vehicle_id}/maintenance")
        return plan if plan["odometer_km"] == newest_km else None

    plan = await until(look, "the mileage to arrive at service-reminder")
    item = next(item for item in plan["items"] if item["code"] == "gearbox_oil")
    effect(
        tell, f"{newest_km:,} km, {plan['km_per_day']:.0f} km a day: {item['name_zh']} falls due on {item['due_on']}"
    )
    effect(tell, f"why: {item['why']['en']}")
    message(tell, await dealer.sent(customer_id, "maintenance_due"))


async def _visit(dealer: Dealer, tell: Tell, vehicle_id: str) -> str:
    """Returns the trace of the delivery."""
    visits = "/service-reminder/v1/visits"
    visit = await dealer.post(visits, {"vehicle_id": vehicle_id, "store_id": dealer.store_id})
    for step in (
        {"stage": "diagnosed"},
        {"stage": "quoted", "quoted_cents": 126_000},
        {"stage": "approved"},
        {"stage": "in_work"},
        {"stage": "quality_check"},
        {"stage": "ready"},
    ):
        await dealer.post(f"{visits}/{visit['visit_id']}/progress", step)
    fact(tell, f"the visit: diagnosed, quoted at {yuan(126_000)}, approved, in work, checked, ready")
    await dealer.post(f"{visits}/{visit['visit_id']}/complete", {"odometer_km": 29_702, "lines": list(LINES)})
    total = sum(int(line["amount_cents"]) for line in LINES)  # type: ignore[call-overload]
    fact(tell, f"delivered at 29,702 km for {yuan(total)} (trace {dealer.trace_id})")
    return dealer.trace_id


async def _rewarded(dealer: Dealer, tell: Tell, customer_id: str, trace_id: str) -> None:
    async def look() -> dict[str, Any] | None:
        member: dict[str, Any] = await dealer.get(f"/loyalty-service/v1/members/{customer_id}")
        return member if member["balance"] else None

    member = await until(look, "the points")
    effect(tell, f"{member['balance']:,} points; tier {member['tier']}, next {(member['next_tier'] or {}).get('name')}")
    thanks = await dealer.sent(customer_id, "service_thanks")
    message(tell, thanks)
    if thanks["trace_id"] == trace_id:
        effect(tell, "one trace, from the request that delivered the car to this message")
    customer = await dealer.get(f"/customer-service/v1/customers/{customer_id}")
    rfm = customer["rfm"]
    effect(tell, f"{rfm['frequency']} service in 365 days for {yuan(rfm['money_cents'])}; the timeline shows the visit")
