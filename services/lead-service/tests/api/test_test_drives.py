import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadStageChanged, TestDriveBooked, TestDriveCancelled, TestDriveCompleted
from sqlalchemy import text

TEN = "2030-03-01T10:00:00+08:00"
ELEVEN = "2030-03-01T11:00:00+08:00"
LICENCE = {"licence_class": "c1", "valid_until": "2090-05-31"}


@pytest.fixture
def book(client, capture, demo_car_id):
    """Books the demo car for a new lead; answers the test drive."""

    async def book_(starts_at=TEN, **changes):
        lead_id = await capture()
        body = {"demo_car_id": demo_car_id, "starts_at": starts_at, **changes}
        response = await client.post(f"/v1/leads/{lead_id}/test-drives", json=body)
        assert response.status_code == 201, response.text
        return response.json()

    return book_


@pytest.fixture
def its_time_comes(session):
    """The test drive was booked for so many minutes ago; so were its half hours."""

    async def come(drive, *, minutes_ago=0):
        by = f"now() - interval '{minutes_ago} minutes' - timestamptz '{drive['starts_at']}'"
        for moved in (
            f"UPDATE test_drive SET starts_at = starts_at + ({by}) WHERE id = :id",
            f"UPDATE demo_car_slot SET starts_at = starts_at + ({by}) WHERE test_drive_id = :id",
        ):
            await session.execute(text(moved), {"id": drive["test_drive_id"]})
        await session.commit()

    return come


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


async def test_a_drive_that_takes_place_takes_the_lead_to_test_driven(client, book, its_time_comes, published):
    drive = await book()
    await its_time_comes(drive)
    path = f"/v1/test-drives/{drive['test_drive_id']}"

    started = await client.post(f"{path}/start", json=LICENCE)
    done = await client.post(f"{path}/complete")

    assert (started.json()["state"], started.json()["licence"]) == ("started", LICENCE)
    assert (done.json()["state"], done.json()["ended_at"] is None) == ("completed", False)
    stages = (await client.get(f"/v1/leads/{drive['lead_id']}")).json()["stages"]
    assert [stage["to_stage"] for stage in stages] == ["test_driven", "visited", "appointed"]
    completed, moved = (await published())[-2:]
    assert isinstance(completed, TestDriveCompleted)
    assert completed.started_at <= completed.ended_at
    assert (moved.from_stage, moved.to_stage) == ("visited", "test_driven")
    await book()


@pytest.mark.parametrize(("method", "path", "reason"), [("DELETE", "", "cancelled"), ("POST", "/no-show", "no_show")])
async def test_a_drive_that_falls_through_frees_the_car_and_puts_the_lead_back(
    client, book, its_time_comes, published, method, path, reason
):
    drive = await book()
    await its_time_comes(drive)

    answer = await client.request(method, f"/v1/test-drives/{drive['test_drive_id']}{path}")

    assert answer.is_success
    assert (await client.get(f"/v1/leads/{drive['lead_id']}")).json()["stage"] == "new"
    cancelled, moved = (await published())[-2:]
    assert isinstance(cancelled, TestDriveCancelled)
    assert (cancelled.reason, moved.to_stage) == (reason, "new")
    await book()


@pytest.mark.parametrize("stage", ["contacted", "appointed"])
async def test_a_lead_is_back_where_the_first_of_its_bookings_found_it(client, capture, demo_car_id, stage):
    lead_id = await capture()
    await client.post(f"/v1/leads/{lead_id}/stage", json={"stage": stage})
    for starts_at in (TEN, ELEVEN):
        booking = {"demo_car_id": demo_car_id, "starts_at": starts_at}
        assert (await client.post(f"/v1/leads/{lead_id}/test-drives", json=booking)).status_code == 201

    for drive in (await client.get(f"/v1/test-drives?lead_id={lead_id}")).json()["items"]:
        await client.delete(f"/v1/test-drives/{drive['test_drive_id']}")

    assert (await client.get(f"/v1/leads/{lead_id}")).json()["stage"] == stage


async def test_a_forgotten_booking_is_a_no_show_and_holds_neither_car_nor_lead(
    client, book, its_time_comes, run_job, published, demo_car_id
):
    lately, long_ago, ahead = await book(TEN), await book(ELEVEN), await book("2030-03-01T12:00:00+08:00")
    await its_time_comes(lately, minutes_ago=170)
    await its_time_comes(long_ago, minutes_ago=190)

    assert await run_job("end-forgotten-test-drives") == 1

    assert await _states(client, long_ago, lately, ahead) == ["no_show", "booked", "booked"]
    assert (await client.get(f"/v1/leads/{long_ago['lead_id']}")).json()["stage"] == "new"
    cancelled, moved = (await published())[-2:]
    assert (str(cancelled.test_drive_id), cancelled.reason) == (long_ago["test_drive_id"], "no_show")
    assert (str(moved.lead_id), moved.to_stage) == (long_ago["lead_id"], "new")
    for drive in (lately, ahead):
        await client.delete(f"/v1/test-drives/{drive['test_drive_id']}")
    assert (await client.delete(f"/v1/demo-cars/{demo_car_id}")).status_code == 204


async def test_a_drive_that_began_and_was_forgotten_is_completed(client, book, its_time_comes, run_job, published):
    drive = await book()
    await its_time_comes(drive)
    assert (await _step(client, drive, "start")).status_code == 200

    later = utc_now() + timedelta(minutes=181)
    assert await run_job("end-forgotten-test-drives", now=later) == 1
    assert await run_job("end-forgotten-test-drives", now=utc_now() + timedelta(days=1)) == 0

    assert await _states(client, drive) == ["completed"]
    [last, *_] = (await client.get(f"/v1/leads/{drive['lead_id']}")).json()["stages"]
    assert (last["to_stage"], last["changed_at"]) == ("test_driven", later.isoformat().replace("+00:00", "Z"))
    completed, moved = (await published())[-2:]
    assert isinstance(completed, TestDriveCompleted)
    assert (moved.from_stage, moved.to_stage) == ("visited", "test_driven")


async def test_forgotten_drives_wait_as_long_as_the_dealer_says(book, its_time_comes, run_job, set_policy):
    await its_time_comes(await book(), minutes_ago=190)

    await set_policy(test_drives={"forgotten_after_minutes": 600})
    assert await run_job("end-forgotten-test-drives") == 0
    await set_policy(test_drives={"forgotten_after_minutes": 0})
    assert await run_job("end-forgotten-test-drives") == 1


@pytest.mark.parametrize("step", ["start", "no-show"])
async def test_a_drive_neither_starts_nor_falls_through_before_its_time(client, book, step):
    drive = await book()

    answer = await _step(client, drive, step)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/test-drive-ahead")
    assert await _states(client, drive) == ["booked"]


async def test_a_car_that_is_not_back_starts_on_no_other_drive(client, book, its_time_comes):
    late, next_ = await book(TEN), await book(ELEVEN)
    await its_time_comes(late, minutes_ago=70)
    await its_time_comes(next_)
    await _step(client, late, "start")

    refused = await _step(client, next_, "start")
    await _step(client, late, "complete")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/demo-car-on-the-road")
    assert (await _step(client, next_, "start")).status_code == 200


async def test_a_lead_with_another_appointment_stays_appointed(client, book, demo_car_id):
    drive = await book(TEN)
    again = {"demo_car_id": demo_car_id, "starts_at": ELEVEN}
    await client.post(f"/v1/leads/{drive['lead_id']}/test-drives", json=again)

    await client.delete(f"/v1/test-drives/{drive['test_drive_id']}")

    assert (await client.get(f"/v1/leads/{drive['lead_id']}")).json()["stage"] == "appointed"


async def test_a_lead_that_is_further_stays_there(client, capture, demo_car_id):
    lead_id = await capture()
    await client.post(f"/v1/leads/{lead_id}/stage", json={"stage": "negotiating"})

    booking = {"demo_car_id": demo_car_id, "starts_at": TEN}
    drive = (await client.post(f"/v1/leads/{lead_id}/test-drives", json=booking)).json()
    await client.delete(f"/v1/test-drives/{drive['test_drive_id']}")

    assert (await client.get(f"/v1/leads/{lead_id}")).json()["stage"] == "negotiating"


async def test_a_closed_lead_books_nothing(client, defeat, demo_car_id):
    lead_id = await defeat("price")

    answer = await client.post(f"/v1/leads/{lead_id}/test-drives", json={"demo_car_id": demo_car_id, "starts_at": TEN})

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/lead-closed")


async def test_what_was_booked_for_a_lead_that_closes_is_called_off(client, book, published):
    drive = await book()

    await client.post(f"/v1/leads/{drive['lead_id']}/defeat", json={"reason": "price"})

    cancelled = [event for event in await published() if isinstance(event, TestDriveCancelled)]
    assert [str(event.test_drive_id) for event in cancelled] == [drive["test_drive_id"]]
    assert (await client.get(f"/v1/test-drives/{drive['test_drive_id']}")).json()["state"] == "cancelled"
    await book()


@pytest.mark.parametrize(
    "licence",
    [{"licence_class": "c1", "valid_until": "2020-01-01"}, {"licence_class": "c4", "valid_until": "2090-01-01"}],
)
async def test_nobody_drives_without_a_licence_for_it(client, book, its_time_comes, licence):
    drive = await book()
    await its_time_comes(drive)

    answer = await client.post(f"/v1/test-drives/{drive['test_drive_id']}/start", json=licence)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/licence-not-valid")
    assert (await client.get(f"/v1/test-drives/{drive['test_drive_id']}")).json()["state"] == "booked"


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ([], "complete"),
        (["start"], "start"),
        (["start"], "no-show"),
        (["start"], "DELETE"),
        (["start"], "PATCH"),
        (["start", "complete"], "complete"),
        (["start", "complete"], "start"),
        (["no-show"], "start"),
        (["DELETE"], "no-show"),
        (["DELETE"], "DELETE"),
    ],
)
async def test_a_drive_that_is_past_that_stays_as_it_is(client, book, its_time_comes, steps, refused):
    drive = await book()
    await its_time_comes(drive)
    for step in steps:
        assert (await _step(client, drive, step)).is_success
    before = (await client.get(f"/v1/test-drives/{drive['test_drive_id']}")).json()

    answer = await _step(client, drive, refused)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/test-drive-over")
    assert (await client.get(f"/v1/test-drives/{drive['test_drive_id']}")).json() == before


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


async def test_test_drives_are_listed_by_lead_car_store_and_state(client, book, store_id):
    first, second = await book(TEN), await book(ELEVEN)
    await client.delete(f"/v1/test-drives/{first['test_drive_id']}")

    for query, wanted in (
        (f"lead_id={first['lead_id']}", [first]),
        (f"demo_car_id={first['demo_car_id']}", [second, first]),
        (f"store_id={store_id}&limit=1", [second]),
        ("state=booked", [second]),
        (f"store_id={uuid4()}", []),
    ):
        items = (await client.get(f"/v1/test-drives?{query}")).json()["items"]
        assert [item["test_drive_id"] for item in items] == [drive["test_drive_id"] for drive in wanted], query


async def test_an_agenda_is_what_starts_from_and_up_to_in_the_order_of_the_day(client, book, store_id):
    eleven, ten, noon = await book(ELEVEN), await book(TEN), await book("2030-03-01T12:00:00+08:00")
    asked = {"store_id": str(store_id), "sort": "starts", "starts_since": TEN, "limit": 1}

    first = (await client.get("/v1/test-drives", params=asked)).json()
    rest = (await client.get("/v1/test-drives", params={**asked, "limit": 5, "cursor": first["next_cursor"]})).json()
    before_noon = await client.get("/v1/test-drives", params={"starts_until": noon["starts_at"]})
    other = await client.get("/v1/test-drives", params={"cursor": first["next_cursor"]})

    assert [first["items"], rest["items"]] == [[ten], [eleven, noon]]
    assert before_noon.json()["items"] == [ten, eleven]
    assert other.status_code == 400


async def test_who_takes_a_lead_over_goes_along_on_its_test_drive(client, capture, advisor, demo_car_id, store_id):
    former, latter, helper = uuid4(), uuid4(), uuid4()
    lead_id = await capture(await advisor(former))
    for who in (latter, helper):
        await advisor(who)
    booking = {"demo_car_id": demo_car_id, "starts_at": TEN, "minutes": 60}
    own = (await client.post(f"/v1/leads/{lead_id}/test-drives", json=booking)).json()
    helped = {**booking, "starts_at": ELEVEN, "advisor_id": str(helper)}
    await client.post(f"/v1/leads/{lead_id}/test-drives", json=helped)

    transfer = {"advisor_id": str(latter), "reason": "休假"}
    assert (await client.post(f"/v1/leads/{lead_id}/transfer", json=transfer)).is_success

    drives = (await client.get(f"/v1/test-drives?lead_id={lead_id}&sort=starts")).json()["items"]
    assert own["advisor_id"] == str(former)
    assert [drive["advisor_id"] for drive in drives] == [str(latter), str(helper)]


async def test_a_lead_whose_person_was_talked_to_is_not_new_again(client, book):
    drive = await book()
    contact = {"channel": "phone", "outcome": "reached"}
    assert (await client.post(f"/v1/leads/{drive['lead_id']}/contacts", json=contact)).is_success

    await client.delete(f"/v1/test-drives/{drive['test_drive_id']}")

    assert (await client.get(f"/v1/leads/{drive['lead_id']}")).json()["stage"] == "contacted"


async def test_the_test_drives_of_another_store_dealer_or_advisor_are_not_there(
    client_as, advisor, client, capture, demo_car_id, other_store_id
):
    lead_id = await capture(await advisor())
    booking = {"demo_car_id": demo_car_id, "starts_at": TEN}
    drive = (await client.post(f"/v1/leads/{lead_id}/test-drives", json=booking)).json()
    path = f"/v1/test-drives/{drive['test_drive_id']}"

    for other in (
        client_as(Role.MANAGER, stores=[other_store_id]),
        client_as(Role.ADMIN, dealer_id=OTHER_DEALER),
        await advisor(),
    ):
        assert (await other.get(path)).status_code == 404
        assert (await other.patch(path, json={"starts_at": ELEVEN})).status_code == 404
        assert (await other.post(f"{path}/start", json=LICENCE)).status_code == 404
        assert (await other.post(f"{path}/no-show")).status_code == 404
        assert (await other.delete(path)).status_code == 404
    assert (await client.get(path)).json() == drive


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


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/licence_class"),
        ({"licence_class": "z9", "valid_until": "2090-01-01"}, "/licence_class"),
        ({"licence_class": "c1", "valid_until": "never"}, "/valid_until"),
        ({"licence_class": "c1", "valid_until": "2090-01-01", "number": "310..."}, "/number"),
    ],
)
async def test_a_licence_that_does_not_fit_names_what_is_wrong(client, book, body, pointer):
    drive = await book()

    response = await client.post(f"/v1/test-drives/{drive['test_drive_id']}/start", json=body)

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer


async def test_an_unknown_lead_car_or_drive_is_not_found(client, capture, demo_car_id):
    lead_id, nothing = await capture(), uuid4()

    assert [
        (await client.post(f"/v1/leads/{of}/test-drives", json={"demo_car_id": car, "starts_at": TEN})).json()["type"]
        for of, car in ((nothing, demo_car_id), (lead_id, str(nothing)))
    ] == ["/problems/lead-not-found", "/problems/demo-car-not-found"]
    assert (await client.get(f"/v1/test-drives/{nothing}")).json()["type"] == "/problems/test-drive-not-found"


async def _states(client, *drives):
    paths = [f"/v1/test-drives/{drive['test_drive_id']}" for drive in drives]
    return [(await client.get(path)).json()["state"] for path in paths]


async def _step(client, drive, step):
    path = f"/v1/test-drives/{drive['test_drive_id']}"
    if step in ("DELETE", "PATCH"):
        return await client.request(step, path, json={"starts_at": ELEVEN} if step == "PATCH" else None)
    return await client.post(f"{path}/{step}", json=LICENCE if step == "start" else None)
