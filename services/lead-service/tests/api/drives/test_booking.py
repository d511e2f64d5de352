import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from baoke_events import LeadStageChanged, TestDriveBooked

TEN = "2030-03-01T10:00:00+08:00"
ELEVEN = "2030-03-01T11:00:00+08:00"


async def test_a_booking_keeps_the_car_and_takes_the_lead_along(client, book, published):
    drive = await book(minutes=90, note="想试高速")

    booked, moved = (await published())[-2:]
    assert isinstance(booked, TestDriveBooked)
    assert isinstance(moved, LeadStageChanged)
    assert (str(booked.test_drive_id), booked.make, booked.model) == (drive["test_drive_id"], "BYD", "Seal")
    assert (booked.ends_at - booked.starts_at, booked.moved_from_at) == (timedelta(minutes=90), None)
    assert (moved.from_stage, moved.to_stage) == ("new", "appointed")
    assert (drive["state"], drive["starts_at"], drive["ends_at"]) == (
        "booked",
        "2030-03-01T02:00:00Z",
        "2030-03-01T03:30:00Z",
    )
    assert (await client.get(f"/v1/test-drives/{drive['test_drive_id']}")).json() == drive


async def test_of_many_who_book_a_car_at_once_one_has_it(client, capture, demo_car_id, published):
    leads = [await capture() for _ in range(10)]
    body = {"demo_car_id": demo_car_id, "starts_at": TEN, "minutes": 60}
    half_later = {**body, "starts_at": "2030-03-01T10:30:00+08:00"}

    answers = await asyncio.gather(
        *(
            client.post(f"/v1/leads/{lead_id}/test-drives", json=half_later if number % 2 else body)
            for number, lead_id in enumerate(leads)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"/problems/slot-taken"}
    assert len([event for event in await published() if isinstance(event, TestDriveBooked)]) == 1


async def test_two_who_swap_their_times_at_once_do_not_wait_on_each_other(client, book):
    first, second = await book(TEN), await book(ELEVEN)

    answers = await asyncio.gather(
        client.patch(f"/v1/test-drives/{first['test_drive_id']}", json={"starts_at": ELEVEN}),
        client.patch(f"/v1/test-drives/{second['test_drive_id']}", json={"starts_at": TEN}),
    )

    assert [answer.status_code for answer in answers] == [409, 409]


async def test_what_a_moved_booking_leaves_is_free(client, book, published):
    drive = await book(TEN)
    path = f"/v1/test-drives/{drive['test_drive_id']}"

    moved = await client.patch(path, json={"starts_at": ELEVEN, "minutes": 30}, headers={"If-Match": '"1"'})
    stale = await client.patch(path, json={"starts_at": TEN}, headers={"If-Match": '"1"'})

    assert (moved.status_code, moved.json()["starts_at"], moved.headers["ETag"]) == (
        200,
        "2030-03-01T03:00:00Z",
        '"2"',
    )
    assert stale.status_code == 412
    told = (await published())[-1]
    assert isinstance(told, TestDriveBooked)
    assert (told.starts_at - told.moved_from_at, told.ends_at - told.starts_at) == (
        timedelta(hours=1),
        timedelta(minutes=30),
    )
    await book(TEN)


async def test_a_booking_that_stays_as_it_is_tells_nothing(client, book, published):
    drive = await book()
    told = await published()

    same = await client.patch(f"/v1/test-drives/{drive['test_drive_id']}", json={"starts_at": TEN})

    assert (same.status_code, same.json()) == (200, drive)
    assert await published() == told


@pytest.mark.parametrize("change", [{"note": "想试高速"}, {"advisor_id": None}])
async def test_a_booking_changes_its_note_and_company_where_it_is(
    client, book, advisor, demo_car_id, published, change
):
    drive, who = await book(), uuid4()
    await advisor(who)
    told = await published()
    car = {"store_id": drive["store_id"], "make": "BYD", "model": "Seal", "plate": "沪AD12345", "in_service": False}
    await client.put(f"/v1/demo-cars/{demo_car_id}", json=car)
    wanted = {name: value or str(who) for name, value in change.items()}

    changed = await client.patch(f"/v1/test-drives/{drive['test_drive_id']}", json=wanted)

    assert (changed.status_code, changed.json(), changed.headers["ETag"]) == (200, {**drive, **wanted}, '"2"')
    assert await published() == told


async def test_who_goes_along_is_on_the_stores_roster_and_goes_along_once_at_a_time(
    client, capture, advisor, demo_car_id, other_store_id
):
    elsewhere = uuid4()
    await advisor(elsewhere, store_id=str(other_store_id))
    who, body = uuid4(), {"store_id": "0199d3a0-0000-7000-8000-0000000000a1", "make": "BYD", "model": "Han"}
    await advisor(who)
    other_car = (await client.post("/v1/demo-cars", json={**body, "plate": "B"})).json()["demo_car_id"]

    async def book_(car_id, starts_at, advisor_id):
        wanted = {"demo_car_id": car_id, "starts_at": starts_at, "minutes": 60, "advisor_id": str(advisor_id)}
        response = await client.post(f"/v1/leads/{await capture()}/test-drives", json=wanted)
        return response.status_code, response.json().get("type")

    assert await book_(demo_car_id, TEN, uuid4()) == (409, "/problems/not-on-the-roster")
    assert await book_(demo_car_id, TEN, elsewhere) == (409, "/problems/not-on-the-roster")
    assert await book_(demo_car_id, TEN, who) == (201, None)
    assert await book_(other_car, "2030-03-01T10:30:00+08:00", who) == (409, "/problems/advisor-busy")
    assert await book_(other_car, ELEVEN, who) == (201, None)


async def test_a_lead_has_one_car_at_a_time(client, book):
    drive = await book(TEN)
    body = {"store_id": drive["store_id"], "make": "BYD", "model": "Han", "plate": "B"}
    other_car = (await client.post("/v1/demo-cars", json=body)).json()["demo_car_id"]

    again = {"demo_car_id": other_car, "starts_at": "2030-03-01T10:30:00+08:00"}
    answer = await client.post(f"/v1/leads/{drive['lead_id']}/test-drives", json=again)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/slot-taken")


async def test_a_car_of_another_store_or_out_of_service_is_not_to_be_had(client, capture, other_store_id, store_id):
    lead_id = await capture()
    car = {"make": "BYD", "model": "Seal"}
    bodies = [
        {**car, "store_id": str(other_store_id), "plate": "A"},
        {**car, "store_id": str(store_id), "plate": "B", "in_service": False},
    ]
    for body in bodies:
        car_id = (await client.post("/v1/demo-cars", json=body)).json()["demo_car_id"]
        answer = await client.post(f"/v1/leads/{lead_id}/test-drives", json={"demo_car_id": car_id, "starts_at": TEN})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/demo-car-not-available")


@pytest.mark.parametrize(
    ("starts_at", "minutes"),
    [
        ("2020-03-01T10:00:00+08:00", 60),
        ("2030-03-01T10:10:00+08:00", 60),
        ("2030-03-01T08:30:00+08:00", 60),
        ("2030-03-01T19:30:00+08:00", 60),
        ("2030-03-01T23:30:00+08:00", 60),
        (TEN, 300),
    ],
)
async def test_a_car_is_not_to_be_had_outside_of_its_hours(client, capture, demo_car_id, starts_at, minutes):
    lead_id = await capture()
    body = {"demo_car_id": demo_car_id, "starts_at": starts_at, "minutes": minutes}

    answer = await client.post(f"/v1/leads/{lead_id}/test-drives", json=body)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/slot-not-offered")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"demo_car_id": "car"}, "/demo_car_id"),
        ({"starts_at": "2030-03-01T10:00:00"}, "/starts_at"),
        ({"starts_at": 1_900_000_000}, "/starts_at"),
        ({"starts_at": "9999-12-31T23:30:00Z"}, "/starts_at"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "/starts_at"),
        ({"starts_at": "tomorrow"}, "/starts_at"),
        ({"minutes": 0}, "/minutes"),
        ({"minutes": 45}, "/minutes"),
        ({"minutes": 1470}, "/minutes"),
        ({"minutes": "60"}, "/minutes"),
        ({"advisor_id": "me"}, "/advisor_id"),
        ({"note": "x" * 2001}, "/note"),
        ({"licence": "c1"}, "/licence"),
    ],
)
async def test_a_booking_that_does_not_fit_names_what_is_wrong(client, capture, demo_car_id, wrong, pointer):
    lead_id = await capture()
    body = {"demo_car_id": demo_car_id, "starts_at": TEN, **wrong}

    response = await client.post(f"/v1/leads/{lead_id}/test-drives", json=body)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert (await client.get("/v1/test-drives")).json()["items"] == []
