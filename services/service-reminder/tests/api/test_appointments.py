import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import AppointmentBooked, AppointmentCancelled, AppointmentChanged
from baoke_events.ids import uuid7


@pytest.fixture
async def car(deliver, registered):
    known = registered()
    await deliver(known)
    return known


@pytest.fixture
async def slots(client, store_id, today):
    """The slots of tomorrow in a workshop with two bays."""
    body = {"bays": 2, "opens": "09:00", "closes": "12:00", "hold_minutes": 10}
    assert (await client.put(f"/v1/workshops/{store_id}", json=body)).status_code == 200
    params = {"store_id": str(store_id), "on": (today + timedelta(days=1)).isoformat()}

    async def read():
        return (await client.get("/v1/slots", params=params)).json()["items"]

    return read


@pytest.fixture
async def booking(car, slots, store_id):
    """Makes the body of a booking of tomorrow's nth slot."""
    starts = [slot["starts_at"] for slot in await slots()]

    def make(slot: int = 0, **changes):
        body = {"vehicle_id": str(car.vehicle_id), "store_id": str(store_id), "starts_at": starts[slot]}
        return {**body, "items": ["oil_service"], **changes}

    return make


def refusal(response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


async def test_any_store_has_slots_at_once(client, store_id, today):
    params = {"store_id": str(store_id), "on": (today + timedelta(days=3)).isoformat()}

    slots = (await client.get("/v1/slots", params=params)).json()["items"]

    assert [slot["starts_at"][11:16] for slot in slots] == [
        "00:30", "01:30", "02:30", "03:30", "04:30", "05:30", "06:30", "07:30", "08:30",
    ]  # fmt: skip
    assert {(slot["bays"], slot["free"]) for slot in slots} == {(4, 4)}
    page = (await client.get("/v1/slots", params={**params, "limit": 5})).json()
    rest = (await client.get("/v1/slots", params={**params, "cursor": page["next_cursor"]})).json()
    assert ([*page["items"], *rest["items"]], rest["next_cursor"]) == (slots, None)


async def test_slots_come_page_by_page(client, store_id, today):
    params = {"store_id": str(store_id), "on": (today + timedelta(days=3)).isoformat()}
    whole = (await client.get("/v1/slots", params=params)).json()["items"]

    first = (await client.get("/v1/slots", params={**params, "limit": 4})).json()
    rest = (await client.get("/v1/slots", params={**params, "cursor": first["next_cursor"]})).json()

    assert (first["items"], rest["items"]) == (whole[:4], whole[4:])
    assert rest["next_cursor"] is None


async def test_a_booking_takes_a_bay_and_is_told_of(client, booking, slots, events_of, car):
    response = await client.post("/v1/appointments", json=booking())

    assert (response.status_code, response.headers["etag"]) == (201, '"1"')
    appointment = response.json()
    assert (appointment["state"], appointment["bay"], appointment["items"]) == ("booked", 1, ["oil_service"])
    assert [slot["free"] for slot in await slots()] == [1, 2, 2]
    (booked,) = await events_of(AppointmentBooked)
    assert str(booked.appointment_id) == appointment["appointment_id"]
    assert booked.vehicle_id == car.vehicle_id
    assert (await client.get(f"/v1/appointments/{booked.appointment_id}")).json() == appointment


async def test_of_twenty_bookings_at_once_two_bays_take_two(client, booking, events_of, slots):
    answers = await asyncio.gather(*[client.post("/v1/appointments", json=booking()) for _ in range(20)])

    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 18
    assert {refusal(answer)[1] for answer in answers if answer.status_code == 409} == {"slot-taken"}
    assert sorted(answer.json()["bay"] for answer in answers if answer.status_code == 201) == [1, 2]
    assert len(await events_of(AppointmentBooked)) == 2
    assert [slot["free"] for slot in await slots()] == [0, 2, 2]


async def test_a_moved_appointment_frees_its_slot(client, booking, slots, events_of):
    made = await client.post("/v1/appointments", json=booking())
    path = f"/v1/appointments/{made.json()['appointment_id']}"
    to = booking(2)["starts_at"]

    moved = await client.patch(path, json={"starts_at": to}, headers={"if-match": made.headers["etag"]})
    stale = await client.patch(path, json={"items": []}, headers={"if-match": made.headers["etag"]})
    other_work = await client.patch(path, json={"items": ["gearbox_oil"]}, headers={"if-match": '"2"'})

    assert (moved.status_code, moved.json()["starts_at"], moved.headers["etag"]) == (200, to, '"2"')
    assert stale.status_code == 412
    assert (other_work.json()["items"], other_work.json()["starts_at"]) == (["gearbox_oil"], to)
    assert [slot["free"] for slot in await slots()] == [2, 2, 1]
    assert len(await events_of(AppointmentChanged)) == 2


async def test_a_cancelled_appointment_frees_its_slot_once(client, booking, slots, events_of):
    made = await client.post("/v1/appointments", json=booking())
    path = f"/v1/appointments/{made.json()['appointment_id']}"

    answers = [await client.delete(path), await client.delete(path), await client.patch(path, json={"items": []})]

    assert [answer.status_code for answer in answers] == [204, 409, 409]
    assert refusal(answers[1]) == (409, "appointment-closed")
    assert [slot["free"] for slot in await slots()] == [2, 2, 2]
    assert len(await events_of(AppointmentCancelled)) == 1


async def test_a_held_slot_is_booked_on_confirmation_and_told_of_then(client, booking, events_of):
    held = await client.post("/v1/appointments", json=booking(hold=True))
    path = f"/v1/appointments/{held.json()['appointment_id']}"
    before = await events_of(AppointmentBooked)

    confirmed = [await client.post(f"{path}/confirm"), await client.post(f"{path}/confirm")]

    assert (held.json()["state"], before) == ("held", [])
    assert [(answer.status_code, answer.json()["state"]) for answer in confirmed] == [(200, "booked")] * 2
    assert len(await events_of(AppointmentBooked)) == 1


async def test_a_hold_that_runs_out_frees_its_slot(client, booking, slots, run_job, published):
    held = await client.post("/v1/appointments", json=booking(hold=True))
    path = f"/v1/appointments/{held.json()['appointment_id']}"

    early = await run_job("release_holds")
    late = await run_job("release_holds", now=datetime.now(UTC) + timedelta(minutes=11))

    assert (early, late) == (0, 1)
    assert (await client.get(path)).json()["state"] == "expired"
    assert refusal(await client.post(f"{path}/confirm")) == (409, "appointment-closed")
    assert [slot["free"] for slot in await slots()] == [2, 2, 2]
    assert [event for event in await published() if isinstance(event, AppointmentBooked | AppointmentCancelled)] == []


async def test_a_visit_keeps_its_appointment(client, booking, store_id, registered, deliver):
    made = (await client.post("/v1/appointments", json=booking())).json()
    other = registered()
    await deliver(other)
    body = {"vehicle_id": made["vehicle_id"], "store_id": str(store_id), "appointment_id": made["appointment_id"]}

    wrong_car = await client.post("/v1/visits", json={**body, "vehicle_id": str(other.vehicle_id)})
    unknown = await client.post("/v1/visits", json={**body, "appointment_id": str(uuid7())})
    visit = await client.post("/v1/visits", json=body)
    again = await client.post("/v1/visits", json=body)

    assert refusal(wrong_car) == (409, "appointment-of-another-vehicle")
    assert refusal(unknown) == (404, "appointment-not-found")
    assert (visit.status_code, visit.json()["appointment_id"]) == (201, made["appointment_id"])
    assert (await client.get(f"/v1/appointments/{made['appointment_id']}")).json()["state"] == "visited"
    assert refusal(again) == (409, "appointment-closed")


async def test_a_time_that_is_no_slot_is_refused(client, booking):
    past = booking(starts_at="2020-03-02T01:00:00Z")
    odd = booking(starts_at=booking()["starts_at"].replace(":00Z", ":07Z"))

    assert refusal(await client.post("/v1/appointments", json=past)) == (409, "slot-not-offered")
    assert refusal(await client.post("/v1/appointments", json=odd)) == (409, "slot-not-offered")


async def test_appointments_are_listed_in_order_of_time(client, booking):
    for slot in (2, 0, 1):
        await client.post("/v1/appointments", json=booking(slot))

    first = (await client.get("/v1/appointments", params={"limit": 2, "state": "booked"})).json()
    rest = (await client.get("/v1/appointments", params={"limit": 2, "cursor": first["next_cursor"]})).json()

    listed = [item["starts_at"] for item in [*first["items"], *rest["items"]]]
    assert (listed, rest["next_cursor"]) == ([booking(slot)["starts_at"] for slot in range(3)], None)


async def test_another_dealer_neither_sees_nor_books(client, client_as, booking):
    made = (await client.post("/v1/appointments", json=booking())).json()
    stranger = client_as("manager", dealer_id=OTHER_DEALER)

    assert refusal(await stranger.get(f"/v1/appointments/{made['appointment_id']}")) == (404, "appointment-not-found")
    assert refusal(await stranger.delete(f"/v1/appointments/{made['appointment_id']}")) == (
        404,
        "appointment-not-found",
    )
    assert refusal(await stranger.post("/v1/appointments", json=booking())) == (404, "vehicle-not-found")


async def test_a_workshop_changes_only_for_who_saw_its_newest_version(client, store_id, client_as):
    path, body = f"/v1/workshops/{store_id}", {"bays": 3, "opens": "08:00", "closes": "18:00"}
    shown = await client.get(path)

    first = await client.put(path, json=body, headers={"if-match": shown.headers["etag"]})
    stale = await client.put(path, json=body, headers={"if-match": shown.headers["etag"]})

    assert (shown.json()["bays"], shown.headers["etag"]) == (4, '"0"')
    assert (first.status_code, first.headers["etag"], first.json()["bays"]) == (200, '"1"', 3)
    assert stale.status_code == 412
    elsewhere = client_as("service_advisor", stores=[uuid7()])
    assert (await elsewhere.put(path, json=body)).status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"bays": 0, "opens": "08:00", "closes": "18:00"}, "/bays"),
        ({"bays": 1, "opens": "18:00", "closes": "08:00"}, ""),
        ({"bays": 1, "opens": "08:00", "closes": "18:00", "open_days": [8]}, "/open_days/0"),
    ],
)
async def test_a_workshop_that_cannot_be_is_refused(client, store_id, body, pointer):
    refused = await client.put(f"/v1/workshops/{store_id}", json=body)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
