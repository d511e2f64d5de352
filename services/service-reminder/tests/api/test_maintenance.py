from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import MaintenanceDue
from baoke_events.ids import uuid7

pytestmark = pytest.mark.usefixtures("any_hour")


async def test_each_item_shows_its_date_its_reason_and_what_was_said(deliver, registered, driven, client, today):
    car = registered(purchased_on=today - timedelta(days=860))
    await deliver(car, *driven(car.vehicle_id, km=29_600))

    response = await client.get(f"/v1/vehicles/{car.vehicle_id}/maintenance")

    assert response.status_code == 200
    answer = response.json()
    assert (answer["odometer_km"], answer["km_per_day"], answer["pace"]["source"]) == (29_600, 50.0, "readings")
    assert answer["plan"] == {"name": "petrol", "version": 0}
    gearbox = next(item for item in answer["items"] if item["code"] == "gearbox_oil")
    due_on = (today + timedelta(days=8)).isoformat()
    assert gearbox == {
        "code": "gearbox_oil",
        "name_zh": "变速箱油更换",
        "name_en": "Gearbox oil",
        "state": "due_soon",
        "cycle": 1,
        "due_on": due_on,
        "due_km": 30_000,
        "because": "distance",
        "interval": gearbox["interval"],
        "calendar_on": None,
        "last_done": None,
        "reminded": "first",
        "why": gearbox["why"],
    }
    assert gearbox["interval"]["earliest_on"] <= due_on <= gearbox["interval"]["latest_on"]
    assert f"30000 km are reached on {due_on}" in gearbox["why"]["en"]
    first_service = next(item for item in answer["items"] if item["code"] == "first_service")
    assert (first_service["state"], first_service["due_on"]) == ("assumed_done", None)
    dates = [item["due_on"] for item in answer["items"] if item["due_on"]]
    assert dates == sorted(dates)


async def test_a_vehicle_without_readings_is_projected_with_the_dealers_prior(deliver, registered, client):
    car = registered(odometer_km=28_000)
    await client.put("/v1/policy", json={"pace": {"prior_km_per_day": 80}, "steps": {"from_hour": 0}})
    await deliver(car)

    answer = (await client.get(f"/v1/vehicles/{car.vehicle_id}/maintenance")).json()

    assert (answer["odometer_km"], answer["km_per_day"], answer["pace"]["source"]) == (28_000, 80.0, "prior")


async def test_severe_use_moves_the_dates(deliver, registered, client, maintenance):
    car = registered(purchased_on=datetime.now(UTC).date())
    await deliver(car)
    before = await maintenance(car.vehicle_id)

    answered = await client.put(f"/v1/vehicles/{car.vehicle_id}/use", json={"severe_use": True})

    after = await maintenance(car.vehicle_id)
    assert answered.status_code == 204
    assert (before["oil_service"]["due_km"], after["oil_service"]["due_km"]) == (10_000, 5_000)


async def test_reminders_are_listed_by_vehicle_and_state_newest_first(deliver, registered, driven, client, run_job):
    cars = [registered() for _ in range(3)]
    for car in cars:
        await deliver(car, *driven(car.vehicle_id, km=29_600))
    await run_job("remind_due_vehicles", now=datetime.now(UTC) + timedelta(days=6))

    one = (await client.get("/v1/reminders", params={"vehicle_id": str(cars[0].vehicle_id)})).json()
    answered = (await client.get("/v1/reminders", params={"state": "answered"})).json()
    pages, cursor = [], None
    while not pages or cursor:
        page = (await client.get("/v1/reminders", params={"limit": 4, **({"cursor": cursor} if cursor else {})})).json()
        pages.append([(UUID(item["reminder_id"]), item["step"]) for item in page["items"]])
        cursor = page["next_cursor"]

    assert [item["step"] for item in one["items"]] == ["second", "first"]
    assert {item["state"] for item in one["items"]} == {"sent"}
    assert "gearbox_oil" in {item["code"] for item in one["items"][0]["items"]}
    assert answered == {"items": [], "next_cursor": None}
    assert [len(page) for page in pages] == [4, 2]
    listed = [reminder_id for page in pages for reminder_id, _ in page]
    assert listed == sorted(set(listed), reverse=True)


async def test_a_broken_cursor_is_a_bad_request(client):
    assert (await client.get("/v1/reminders", params={"cursor": "bm9uZQ"})).status_code == 400


async def test_an_unknown_vehicle_and_another_dealers_are_not_found(deliver, registered, client, client_as):
    car = registered()
    await deliver(car)
    stranger = client_as("manager", dealer_id=OTHER_DEALER)

    answers = [
        await client.get(f"/v1/vehicles/{uuid7()}/maintenance"),
        await stranger.get(f"/v1/vehicles/{car.vehicle_id}/maintenance"),
        await stranger.put(f"/v1/vehicles/{car.vehicle_id}/use", json={"severe_use": True}),
        await client_as("advisor", stores=[uuid7()]).get(f"/v1/vehicles/{car.vehicle_id}/maintenance"),
    ]

    assert [(a.status_code, a.json()["type"]) for a in answers] == [(404, "/problems/vehicle-not-found")] * 4


async def test_reminders_of_other_stores_and_dealers_are_not_listed(deliver, registered, driven, client_as, store_id):
    car = registered()
    await deliver(car, *driven(car.vehicle_id, km=29_600))

    listed = [
        len((await caller.get("/v1/reminders")).json()["items"])
        for caller in (
            client_as("advisor", stores=[store_id]),
            client_as("advisor", stores=[uuid7()]),
            client_as("manager", dealer_id=OTHER_DEALER),
        )
    ]

    assert listed == [1, 0, 0]


@pytest.mark.parametrize(
    ("roles", "scopes", "read", "write"),
    [
        (["advisor"], [], 200, 403),
        (["auditor"], [], 200, 403),
        (["service_advisor"], [], 200, 204),
        (["marketing"], [], 403, 403),
        (["partner"], ["maintenance:read"], 200, 403),
        (["partner"], ["visits:write"], 403, 204),
        (["admin"], [], 200, 204),
    ],
)
async def test_who_may_read_and_who_may_write(deliver, registered, client_as, roles, scopes, read, write):
    car = registered()
    await deliver(car)
    caller = client_as(*roles, scopes=scopes)

    reading = await caller.get(f"/v1/vehicles/{car.vehicle_id}/maintenance")
    writing = await caller.put(f"/v1/vehicles/{car.vehicle_id}/use", json={"severe_use": False})

    assert (reading.status_code, writing.status_code) == (read, write)


async def test_a_change_of_policy_reaches_the_vehicles(deliver, registered, driven, client, run_job, events_of):
    car = registered()
    await deliver(car, *driven(car.vehicle_id, km=28_600))
    quiet = await events_of(MaintenanceDue)

    await client.put("/v1/policy", json={"steps": {"first_days_before": 40, "from_hour": 0}})
    await run_job("replan_vehicles")
    await run_job("replan_vehicles")

    assert quiet == []
    (due,) = await events_of(MaintenanceDue)
    assert due.step == "first"
