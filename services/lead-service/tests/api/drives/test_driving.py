from datetime import timedelta

import pytest
from baoke_chassis.clock import utc_now
from baoke_events import TestDriveCancelled, TestDriveCompleted

TEN = "2030-03-01T10:00:00+08:00"
ELEVEN = "2030-03-01T11:00:00+08:00"
LICENCE = {"licence_class": "c1", "valid_until": "2090-05-31"}


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


async def _states(client, *drives):
    paths = [f"/v1/test-drives/{drive['test_drive_id']}" for drive in drives]
    return [(await client.get(path)).json()["state"] for path in paths]


async def _step(client, drive, step):
    path = f"/v1/test-drives/{drive['test_drive_id']}"
    if step in ("DELETE", "PATCH"):
        return await client.request(step, path, json={"starts_at": ELEVEN} if step == "PATCH" else None)
    return await client.post(f"{path}/{step}", json=LICENCE if step == "start" else None)
