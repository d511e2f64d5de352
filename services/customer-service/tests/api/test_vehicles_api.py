"""Registering vehicles."""

from datetime import UTC, datetime, timedelta

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import SegmentChanged, TradeInCandidateFound, VehicleRegistered


def days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).date().isoformat()


async def test_a_vehicle_is_registered_and_published(client, register, car, vin, published, store):
    customer_id = await register()

    response = await client.post(f"/v1/customers/{customer_id}/vehicles", json=car(odometer_km=12, trim="380 TSI"))

    assert response.status_code == 201
    assert response.json()["outcome"] == "created"
    assert response.json()["warnings"] == []
    (registered,) = [event for event in await published() if isinstance(event, VehicleRegistered)]
    assert str(registered.vehicle_id) == response.json()["vehicle_id"]
    assert (registered.customer_id, registered.store_id, registered.vin) == (customer_id, store, vin(1))
    assert (registered.powertrain, registered.odometer_km, registered.lead_id) == ("petrol", 12, None)
    assert registered.purchased_on.isoformat() == days_ago(400)


async def test_the_same_vin_again_is_the_same_vehicle(client, register, car, vin, add_vehicle, published):
    customer_id = await register()
    vehicle_id = await add_vehicle(customer_id)
    before = await published()

    response = await client.post(f"/v1/customers/{customer_id}/vehicles", json=car(vin=vin(1).lower(), model="CC"))

    assert response.status_code == 200
    assert response.json() == {"vehicle_id": str(vehicle_id), "outcome": "exists", "warnings": []}
    assert await published() == before
    assert (await client.get(f"/v1/vehicles/{vehicle_id}")).json()["model"] == "帕萨特"


async def test_a_vehicle_of_another_customer_is_refused(client, register, car, add_vehicle):
    await add_vehicle(await register())
    other = await register(phone="13900139000")

    response = await client.post(f"/v1/customers/{other}/vehicles", json=car())

    assert response.status_code == 409
    assert response.json()["type"] == "/problems/vehicle-belongs-to-another"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"vin": "LSVAU2180N2000001"}, "/vin"),
        ({"vin": "WVWZZZ"}, "/vin"),
        ({"vin": "WVWZZZ1KZAW00000O"}, "/vin"),
        ({"plate": "沪A123"}, "/plate"),
        ({"powertrain": "steam"}, "/powertrain"),
        ({"odometer_km": -1}, "/odometer_km"),
        ({"purchased_on": "0001-01-01"}, "/purchased_on"),
    ],
)
async def test_a_wrong_field_is_named(client, register, car, fields, pointer):
    customer_id = await register()

    response = await client.post(f"/v1/customers/{customer_id}/vehicles", json=car(**fields))

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


async def test_a_wrong_check_digit_of_a_european_maker_is_a_warning(client, register, car):
    customer_id = await register()

    response = await client.post(f"/v1/customers/{customer_id}/vehicles", json=car(vin="WVWZZZ1KZAW000001"))

    assert response.status_code == 201
    assert response.json()["warnings"] == ["The check digit (position 9) is Z where 0 is expected."]


async def test_a_vehicle_that_is_not_bought_yet_is_refused(client, register, car):
    customer_id = await register()

    response = await client.post(f"/v1/customers/{customer_id}/vehicles", json=car(purchased_on=days_ago(-3)))

    assert response.status_code == 409
    assert response.json()["type"] == "/problems/purchase-in-the-future"


async def test_the_first_vehicle_makes_a_prospect_a_new_customer(register, add_vehicle, published):
    await add_vehicle(await register(), purchased_on=days_ago(3))

    (change,) = [event for event in await published() if isinstance(event, SegmentChanged)]
    assert (change.from_segment, change.to_segment) == ("prospect", "new")


async def test_an_old_and_well_driven_vehicle_is_a_trade_in_candidate_at_once(register, add_vehicle, published):
    vehicle_id = await add_vehicle(await register(), purchased_on=days_ago(1200), odometer_km=80_000)

    (found,) = [event for event in await published() if isinstance(event, TradeInCandidateFound)]
    assert (found.vehicle_id, found.owned_months, found.odometer_km) == (vehicle_id, 39, 80_000)


async def test_another_dealers_vehicle_is_not_found(client_as, client, register, add_vehicle, car, new_id):
    customer_id = await register()
    vehicle_id = await add_vehicle(customer_id)
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)

    answers = [
        await stranger.get(f"/v1/vehicles/{vehicle_id}"),
        await stranger.get(f"/v1/vehicles/{vehicle_id}/odometer-readings"),
        await client.get(f"/v1/vehicles/{new_id()}"),
        await client_as(Role.ADVISOR, stores=[new_id()]).get(f"/v1/vehicles/{vehicle_id}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert {answer.json()["type"] for answer in answers} == {"/problems/vehicle-not-found"}
    assert (await stranger.post(f"/v1/customers/{customer_id}/vehicles", json=car(2))).status_code == 404
