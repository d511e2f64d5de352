"""A vehicle whose sale was undone is nobody's: nobody is reminded of it."""

from datetime import UTC, datetime, timedelta

import pytest
from baoke_chassis.testing import DEALER
from baoke_events import MaintenanceDue, VehicleReturned
from baoke_events.ids import uuid7
from sqlalchemy import text

pytestmark = pytest.mark.usefixtures("any_hour")


@pytest.fixture
def returned():
    """Makes returns of registered vehicles, a minute later."""

    def make(car, **changes):
        fields = {
            "dealer_id": DEALER,
            "occurred_at": car.occurred_at + timedelta(minutes=1),
            "vehicle_id": car.vehicle_id,
            "customer_id": car.customer_id,
            "store_id": car.store_id,
            "vin": car.vin,
            "make": car.make,
            "model": car.model,
            "lead_id": uuid7(),
            "sale": 1,
            "reason": "customer_withdrew",
            **changes,
        }
        return VehicleReturned(**fields)

    return make


@pytest.mark.parametrize("together", [True, False])
async def test_nobody_is_reminded_of_a_returned_vehicle(
    deliver, registered, returned, driven, events_of, client, together
):
    car = registered(occurred_at=datetime.now(UTC) - timedelta(hours=1))
    story = [car, returned(car), *driven(car.vehicle_id, km=29_600)]

    await deliver(*story) if together else [await deliver(event) for event in story]

    assert await events_of(MaintenanceDue) == []
    assert (await client.get(f"/v1/vehicles/{car.vehicle_id}/maintenance")).status_code == 404


async def test_a_replay_registers_a_returned_vehicle_no_more(deliver, registered, returned, driven, events_of, session):
    car = registered(occurred_at=datetime.now(UTC) - timedelta(hours=1))
    await deliver(car, returned(car))
    await session.execute(text("TRUNCATE inbox"))
    await session.commit()

    await deliver(car, *driven(car.vehicle_id, km=29_600))

    assert await events_of(MaintenanceDue) == []


async def test_a_vehicle_that_goes_back_to_its_owner_is_known_as_before(
    deliver, registered, returned, driven, events_of, maintenance
):
    first = registered(occurred_at=datetime.now(UTC) - timedelta(hours=2))
    await deliver(first, *driven(first.vehicle_id, km=29_600))
    before, told = await maintenance(first.vehicle_id), await events_of(MaintenanceDue)
    bought = registered(first.vehicle_id, customer_id=uuid7(), occurred_at=datetime.now(UTC) - timedelta(hours=1))
    gone = returned(bought)

    await deliver(bought, gone, registered(first.vehicle_id, occurred_at=gone.occurred_at))

    assert await maintenance(first.vehicle_id) == before
    assert await events_of(MaintenanceDue) == told


async def test_the_return_of_a_former_owner_takes_nothing_from_the_next(
    deliver, registered, returned, driven, events_of
):
    first = registered(occurred_at=datetime.now(UTC) - timedelta(hours=2))
    second = registered(first.vehicle_id, customer_id=uuid7(), occurred_at=datetime.now(UTC) - timedelta(hours=1))

    await deliver(first, second, returned(first), *driven(first.vehicle_id, km=29_600))

    assert {due.customer_id for due in await events_of(MaintenanceDue)} == {second.customer_id}


async def test_a_vehicle_that_is_sold_again_has_reminders_again(deliver, registered, returned, driven, events_of):
    car = registered(occurred_at=datetime.now(UTC) - timedelta(hours=2))
    again = registered(car.vehicle_id, occurred_at=datetime.now(UTC) - timedelta(hours=1))
    undone = returned(car)

    await deliver(car, undone, again)
    await deliver(undone.model_copy(update={"id": uuid7()}))
    await deliver(*driven(car.vehicle_id, km=29_600))

    assert len(await events_of(MaintenanceDue)) == 1
