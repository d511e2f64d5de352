from uuid import uuid4

import pytest
from baoke_events import TestDriveCancelled

TEN = "2030-03-01T10:00:00+08:00"
ELEVEN = "2030-03-01T11:00:00+08:00"


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
