from uuid import uuid4

from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER

TEN = "2030-03-01T10:00:00+08:00"
ELEVEN = "2030-03-01T11:00:00+08:00"
LICENCE = {"licence_class": "c1", "valid_until": "2090-05-31"}


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


async def test_an_unknown_lead_car_or_drive_is_not_found(client, capture, demo_car_id):
    lead_id, nothing = await capture(), uuid4()

    assert [
        (await client.post(f"/v1/leads/{of}/test-drives", json={"demo_car_id": car, "starts_at": TEN})).json()["type"]
        for of, car in ((nothing, demo_car_id), (lead_id, str(nothing)))
    ] == ["/problems/lead-not-found", "/problems/demo-car-not-found"]
    assert (await client.get(f"/v1/test-drives/{nothing}")).json()["type"] == "/problems/test-drive-not-found"
