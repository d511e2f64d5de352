from uuid import uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER

CAR = {"store_id": "0199d3a0-0000-7000-8000-0000000000a1", "make": "BYD", "model": "Seal", "plate": "沪AD12345"}


async def test_a_demo_car_is_added_shown_changed_and_taken_away(client):
    created = await client.post("/v1/demo-cars", json={**CAR, "plate": "沪ad12345"})
    path = f"/v1/demo-cars/{created.json()['demo_car_id']}"
    changed = await client.put(path, json={**CAR, "in_service": False}, headers={"If-Match": '"1"'})

    assert (created.status_code, created.json()["plate"], created.headers["ETag"]) == (201, "沪AD12345", '"1"')
    assert (changed.json()["in_service"], changed.headers["ETag"]) == (False, '"2"')
    assert (await client.get(path)).json() == changed.json()
    assert (await client.get("/v1/demo-cars?in_service=true")).json()["items"] == []
    assert (await client.get("/v1/demo-cars")).json()["items"] == [changed.json()]
    assert (await client.delete(path, headers={"If-Match": '"1"'})).status_code == 412
    assert (await client.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    assert (await client.get(path)).status_code == 404


async def test_a_plate_is_on_one_car(client, demo_car_id):
    other = await client.post("/v1/demo-cars", json={**CAR, "plate": "沪AD54321"})

    same = await client.post("/v1/demo-cars", json=CAR)
    twice = await client.post("/v1/demo-cars", json={**CAR, "model": "Han"})
    changed = await client.put(f"/v1/demo-cars/{other.json()['demo_car_id']}", json=CAR)

    assert (same.status_code, same.json()["demo_car_id"]) == (201, demo_car_id)
    assert [(each.status_code, each.json()["type"]) for each in (twice, changed)] == [
        (409, "/problems/plate-taken")
    ] * 2
    assert len((await client.get("/v1/demo-cars")).json()["items"]) == 2


async def test_the_cars_of_another_store_or_dealer_are_not_there(client_as, demo_car_id, other_store_id):
    path = f"/v1/demo-cars/{demo_car_id}"
    elsewhere = client_as(Role.MANAGER, stores=[other_store_id])
    stranger = client_as(Role.ADMIN, dealer_id=OTHER_DEALER)

    for other in (elsewhere, stranger):
        assert (await other.get("/v1/demo-cars")).json()["items"] == []
        assert (await other.get(path)).status_code == 404
        assert (await other.get(f"{path}/slots?on=2030-03-01")).status_code == 404
        assert (await other.put(path, json={**CAR, "store_id": str(other_store_id)})).status_code == 404
        assert (await other.delete(path)).status_code == 404
    assert (await elsewhere.post("/v1/demo-cars", json=CAR)).status_code == 403


async def test_a_days_slots_say_which_are_free(client, capture, demo_car_id):
    lead_id = await capture()
    booking = {"demo_car_id": demo_car_id, "starts_at": "2030-03-01T09:30:00+08:00", "minutes": 60}
    await client.post(f"/v1/leads/{lead_id}/test-drives", json=booking)

    slots = (await client.get(f"/v1/demo-cars/{demo_car_id}/slots?on=2030-03-01&limit=4")).json()

    assert [(slot["starts_at"], slot["is_free"]) for slot in slots["items"]] == [
        ("2030-03-01T01:00:00Z", True),
        ("2030-03-01T01:30:00Z", False),
        ("2030-03-01T02:00:00Z", False),
        ("2030-03-01T02:30:00Z", True),
    ]
    rest = await client.get(
        f"/v1/demo-cars/{demo_car_id}/slots", params={"on": "2030-03-01", "cursor": slots["next_cursor"]}
    )
    assert (len(rest.json()["items"]), rest.json()["next_cursor"]) == (18, None)


async def test_a_day_that_is_over_and_a_car_out_of_service_have_no_slots(client, demo_car_id):
    past = await client.get(f"/v1/demo-cars/{demo_car_id}/slots?on=2020-03-01")
    await client.put(f"/v1/demo-cars/{demo_car_id}", json={**CAR, "in_service": False})
    out = await client.get(f"/v1/demo-cars/{demo_car_id}/slots?on=2030-03-01")

    assert past.json()["items"] == out.json()["items"] == []


async def test_a_booked_car_stays_where_it_is(client, capture, demo_car_id, other_store_id):
    lead_id = await capture()
    booking = {"demo_car_id": demo_car_id, "starts_at": "2030-03-01T09:30:00+08:00"}
    drive = (await client.post(f"/v1/leads/{lead_id}/test-drives", json=booking)).json()
    path = f"/v1/demo-cars/{demo_car_id}"

    gone = await client.delete(path)
    moved = await client.put(path, json={**CAR, "store_id": str(other_store_id)})
    await client.delete(f"/v1/test-drives/{drive['test_drive_id']}")

    assert [(each.status_code, each.json()["type"]) for each in (gone, moved)] == [
        (409, "/problems/demo-car-booked")
    ] * 2
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(f"/v1/test-drives/{drive['test_drive_id']}")).json()["demo_car_id"] == demo_car_id


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"plate": ""}, "/plate"),
        ({"plate": "沪A D1"}, "/plate"),
        ({"plate": "1" * 13}, "/plate"),
        ({"plate": 7}, "/plate"),
        ({"make": ""}, "/make"),
        ({"model": None}, "/model"),
        ({"trim": "x\0"}, "/trim"),
        ({"store_id": "a"}, "/store_id"),
        ({"in_service": "true"}, "/in_service"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_a_car_that_does_not_fit_names_what_is_wrong(client, demo_car_id, wrong, pointer):
    for method, path in (("POST", "/v1/demo-cars"), ("PUT", f"/v1/demo-cars/{demo_car_id}")):
        response = await client.request(method, path, json={**CAR, **wrong})
        assert response.status_code == 422
        assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "query", ["", "on=", "on=tomorrow", "on=2030-02-30", "on=2030-03-01&limit=0", "day=2030-03-01"]
)
async def test_slots_of_no_day_are_refused(client, demo_car_id, query):
    assert (await client.get(f"/v1/demo-cars/{demo_car_id}/slots?{query}")).status_code == 422


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("time_zone", ["America/New_York", "Pacific/Auckland"])
async def test_the_ends_of_the_calendar_are_no_days_to_drive_on(client, demo_car_id, set_policy, on, time_zone):
    await set_policy(time_zone=time_zone)

    assert (await client.get(f"/v1/demo-cars/{demo_car_id}/slots?on={on}")).status_code == 422


async def test_slots_and_bookings_keep_to_the_stores_calendar_in_its_zone(client, capture, demo_car_id, set_policy):
    friday = {"friday": [{"opens": "09:00", "closes": "11:00"}]}
    own = {"time_zone": "Asia/Urumqi", "shifts": friday | {"monday": [{"opens": "09:00", "closes": "18:00"}]}}
    holiday = {**own, "holidays": ["2030-03-08"]}
    await set_policy(working={"store_calendars": {"0199d3a0-0000-7000-8000-0000000000a1": holiday}})

    slots = (await client.get(f"/v1/demo-cars/{demo_car_id}/slots?on=2030-03-01")).json()["items"]
    closed = (await client.get(f"/v1/demo-cars/{demo_car_id}/slots?on=2030-03-08")).json()["items"]
    booking = {"demo_car_id": demo_car_id, "starts_at": "2030-03-08T03:00:00Z"}
    refused = await client.post(f"/v1/leads/{await capture()}/test-drives", json=booking)

    starts = ["2030-03-01T03:00:00Z", "2030-03-01T03:30:00Z", "2030-03-01T04:00:00Z", "2030-03-01T04:30:00Z"]
    assert [slot["starts_at"] for slot in slots] == starts
    assert (closed, refused.status_code, refused.json()["type"]) == ([], 409, "/problems/slot-not-offered")


async def test_an_unknown_car_is_not_found(client):
    assert (await client.get(f"/v1/demo-cars/{uuid4()}")).json()["type"] == "/problems/demo-car-not-found"
