import asyncio

import pytest
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import MaintenanceDue, ServiceCompleted, VisitProgressed, VisitStarted
from baoke_events.ids import uuid7

pytestmark = pytest.mark.usefixtures("any_hour")

OIL = {"code": "oil_service", "description": "机油及机滤更换", "amount_cents": 68_000}
GEARBOX = {"code": "gearbox_oil", "description": "变速箱油更换", "amount_cents": 40_000}
LABOUR = {"code": "labour", "description": "工时", "amount_cents": 20_000}


@pytest.fixture
async def car(deliver, registered, driven):
    """A petrol car that stands at 29,600 km; its owner was reminded of the 30,000 km milestone."""
    known = registered()
    await deliver(known, *driven(known.vehicle_id, km=29_600))
    return known


@pytest.fixture
def start(client, store_id):
    """Starts a visit and returns its path."""

    async def begin(vehicle_id) -> str:
        response = await client.post("/v1/visits", json={"vehicle_id": str(vehicle_id), "store_id": str(store_id)})
        assert response.status_code == 201, response.text
        return f"/v1/visits/{response.json()['visit_id']}"

    return begin


def refusal(response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


async def test_a_visit_from_arrival_to_delivery(car, client, start, published, store_id):
    visit = await start(car.vehicle_id)
    for stage in ("diagnosed", "quoted", "approved", "in_work", "quality_check", "ready"):
        body = {"stage": stage, **({"quoted_cents": 125_000, "note": "含机油"} if stage == "quoted" else {})}
        assert (await client.post(f"{visit}/progress", json=body)).status_code == 200

    delivered = await client.post(f"{visit}/complete", json={"odometer_km": 29_650, "lines": [OIL, GEARBOX, LABOUR]})

    assert delivered.status_code == 200
    answer = delivered.json()
    assert {key: answer[key] for key in ("stage", "amount_cents", "currency", "odometer_km", "quoted_cents")} == {
        "stage": "delivered",
        "amount_cents": 128_000,
        "currency": "CNY",
        "odometer_km": 29_650,
        "quoted_cents": 125_000,
    }
    assert answer["quote"] == {
        "quoted_cents": 125_000,
        "final_cents": 128_000,
        "difference_cents": 3_000,
        "difference_percent": 2.4,
        "within_tolerance": True,
    }
    assert [stage["stage"] for stage in answer["stages"]] == [
        "arrived",
        "diagnosed",
        "quoted",
        "approved",
        "in_work",
        "quality_check",
        "ready",
        "delivered",
    ]
    assert (await client.get(visit)).json() == answer
    events = [event for event in await published() if not isinstance(event, MaintenanceDue)]
    assert [type(event) for event in events] == [VisitStarted, *[VisitProgressed] * 6, ServiceCompleted]
    completed = events[-1]
    assert (completed.amount_cents, completed.quoted_cents, completed.odometer_km) == (128_000, 125_000, 29_650)
    assert (completed.customer_id, completed.store_id, len(completed.lines)) == (car.customer_id, store_id, 3)
    assert [event.sequence for event in await published()] == list(range(1, len(events) + 2))


async def test_what_was_done_starts_its_next_cycle_and_answers_the_reminder(
    car, client, start, maintenance, events_of, deliver, driven, today
):
    visit = await start(car.vehicle_id)

    await client.post(f"{visit}/complete", json={"odometer_km": 29_650, "lines": [OIL, GEARBOX, LABOUR]})

    items = await maintenance(car.vehicle_id)
    assert (items["oil_service"]["cycle"], items["oil_service"]["due_km"]) == (4, 39_650)
    assert items["oil_service"]["last_done"] == {"on": today.isoformat(), "km": 29_650}
    assert (items["gearbox_oil"]["state"], items["gearbox_oil"]["due_on"]) == ("done", None)
    assert items["brake_inspection"]["state"] == "due_soon"
    reminders = (await client.get("/v1/reminders", params={"vehicle_id": str(car.vehicle_id)})).json()["items"]
    assert [reminder["state"] for reminder in reminders] == ["answered"]
    await deliver(*driven(car.vehicle_id, km=29_700, days=0))
    assert len(await events_of(MaintenanceDue)) == 1


async def test_a_visit_is_completed_once(car, client, start, events_of):
    visit = await start(car.vehicle_id)
    body = {"odometer_km": 29_650, "lines": [OIL]}

    answers = await asyncio.gather(*[client.post(f"{visit}/complete", json=body) for _ in range(5)])
    late = await client.post(f"{visit}/progress", json={"stage": "ready"})

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert refusal(late) == (409, "visit-already-completed")
    assert len(await events_of(ServiceCompleted)) == 1


async def test_the_same_completion_sent_again_with_its_key_is_answered_as_before(car, client, start, events_of):
    visit = await start(car.vehicle_id)
    body, headers = {"odometer_km": 29_650, "lines": [OIL]}, {"idempotency-key": "visit-1"}

    first = await client.post(f"{visit}/complete", json=body, headers=headers)
    again = await client.post(f"{visit}/complete", json=body, headers=headers)

    assert (again.status_code, again.json()) == (200, first.json())
    assert len(await events_of(ServiceCompleted)) == 1


async def test_a_visit_does_not_go_back(car, client, start):
    visit = await start(car.vehicle_id)
    await client.post(f"{visit}/progress", json={"stage": "in_work"})

    back = await client.post(f"{visit}/progress", json={"stage": "diagnosed"})
    same = await client.post(f"{visit}/progress", json={"stage": "in_work"})

    assert refusal(back) == refusal(same) == (409, "stage-not-forward")
    assert back.json()["detail"] == "The visit stands at in_work; it cannot move to diagnosed."


async def test_a_quote_without_an_amount_is_refused(car, client, start):
    visit = await start(car.vehicle_id)

    assert refusal(await client.post(f"{visit}/progress", json={"stage": "quoted"})) == (422, "quote-missing")


@pytest.mark.parametrize(
    ("odometer_km", "expected"),
    [(29_599, (409, "odometer-goes-back")), (296_500, (409, "implausible-odometer"))],
)
async def test_an_odometer_that_cannot_be_true_is_refused_and_changes_nothing(
    car, client, start, published, odometer_km, expected
):
    visit = await start(car.vehicle_id)
    before = await published()

    refused = await client.post(f"{visit}/complete", json={"odometer_km": odometer_km, "lines": [OIL]})

    assert refusal(refused) == expected
    assert (await client.get(visit)).json()["stage"] == "arrived"
    assert await published() == before


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("progress", {"stage": "delivered"}, "/stage"),
        ("progress", {"stage": "quoted", "quoted_cents": -1}, "/quoted_cents"),
        ("complete", {"odometer_km": 30_000, "lines": []}, "/lines"),
        ("complete", {"odometer_km": -1, "lines": [OIL]}, "/odometer_km"),
        ("complete", {"odometer_km": 30_000, "lines": [{**OIL, "code": "Oil Service"}]}, "/lines/0/code"),
        ("complete", {"odometer_km": 30_000, "lines": [{**OIL, "amount_cents": 1.5}]}, "/lines/0/amount_cents"),
        ("complete", {"odometer_km": 30_000, "lines": [OIL], "discount": 1}, "/discount"),
    ],
)
async def test_invalid_input_is_named_field_by_field(car, client, start, path, body, pointer):
    visit = await start(car.vehicle_id)

    refused = await client.post(f"{visit}/{path}", json=body)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


async def test_unknown_vehicles_and_visits_are_not_found(car, client, client_as, start, store_id):
    visit = await start(car.vehicle_id)
    stranger = client_as("manager", dealer_id=OTHER_DEALER)
    body = {"vehicle_id": str(car.vehicle_id), "store_id": str(store_id)}

    assert refusal(await stranger.post("/v1/visits", json=body)) == (404, "vehicle-not-found")
    assert refusal(await client.post("/v1/visits", json={**body, "vehicle_id": str(uuid7())})) == (
        404,
        "vehicle-not-found",
    )
    assert refusal(await stranger.get(visit)) == (404, "visit-not-found")
    assert refusal(await stranger.post(f"{visit}/progress", json={"stage": "ready"})) == (404, "visit-not-found")
    done = await client.post(f"/v1/visits/{uuid7()}/complete", json={"odometer_km": 30_000, "lines": [OIL]})
    assert refusal(done) == (404, "visit-not-found")


async def test_a_token_of_another_store_may_not_touch_a_visit(car, client_as, start, store_id):
    visit = await start(car.vehicle_id)
    elsewhere = client_as("service_advisor", stores=[uuid7()])

    answers = [
        await elsewhere.post("/v1/visits", json={"vehicle_id": str(car.vehicle_id), "store_id": str(store_id)}),
        await elsewhere.post(f"{visit}/progress", json={"stage": "ready"}),
        await elsewhere.post(f"{visit}/complete", json={"odometer_km": 29_650, "lines": [OIL]}),
        await elsewhere.get(visit),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 404]


async def test_without_a_token_nothing_is_shown(car, anonymous, start):
    visit = await start(car.vehicle_id)

    assert (await anonymous.get(visit)).status_code == 401


async def test_an_old_car_nobody_stated_the_odometer_of_can_be_delivered(deliver, registered, client, start):
    unknown = registered(odometer_km=0)
    await deliver(unknown)
    visit = await start(unknown.vehicle_id)

    delivered = await client.post(f"{visit}/complete", json={"odometer_km": 41_300, "lines": [LABOUR]})

    assert delivered.status_code == 200
    assert (delivered.json()["quote"], delivered.json()["amount_cents"]) == (None, 20_000)
