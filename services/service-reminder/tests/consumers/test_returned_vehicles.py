"""A vehicle whose sale was undone, or that was given in payment, is nobody's: nobody is reminded of it."""

from datetime import UTC, datetime, timedelta

import pytest
from baoke_chassis.testing import DEALER
from baoke_events import AppointmentCancelled, MaintenanceDue, VehicleDisposed, VehicleReturned
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


@pytest.fixture
def disposed():
    """Makes disposals of registered vehicles, a minute later."""

    def make(car):
        return VehicleDisposed(
            dealer_id=DEALER,
            occurred_at=car.occurred_at + timedelta(minutes=1),
            vehicle_id=car.vehicle_id,
            customer_id=car.customer_id,
            store_id=car.store_id,
            vin=car.vin,
            make=car.make,
            model=car.model,
            reason="traded_in",
        )

    return make


@pytest.fixture
def gone(returned, disposed):
    """Makes what says that a vehicle is nobody's, by the word for it."""
    return {"returned": returned, "disposed": disposed}


@pytest.fixture
def booked(client, store_id, today):
    """Books a bay for the vehicle in so many days; returns the appointment's id."""

    async def book(car, *, days=1, hold=False):
        params = {"store_id": str(store_id), "on": (today + timedelta(days=days)).isoformat()}
        [slot] = (await client.get("/v1/slots", params={**params, "limit": 1})).json()["items"]
        body = {"vehicle_id": str(car.vehicle_id), "store_id": str(store_id), "starts_at": slot["starts_at"]}
        response = await client.post("/v1/appointments", json={**body, "items": ["oil_service"], "hold": hold})
        assert response.status_code == 201, response.text
        return response.json()["appointment_id"]

    return book


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("how", ["returned", "disposed"])
async def test_nobody_is_reminded_of_a_vehicle_that_is_gone(
    deliver, registered, gone, driven, events_of, client, together, how
):
    car = registered(occurred_at=datetime.now(UTC) - timedelta(hours=1))
    story = [car, gone[how](car), *driven(car.vehicle_id, km=29_600)]

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


async def test_a_vehicle_given_in_payment_is_known_as_before_when_that_sale_is_undone(
    deliver, registered, disposed, driven, events_of, maintenance
):
    first = registered(occurred_at=datetime.now(UTC) - timedelta(hours=2))
    await deliver(first, *driven(first.vehicle_id, km=29_600))
    before, told = await maintenance(first.vehicle_id), await events_of(MaintenanceDue)

    await deliver(disposed(first), registered(first.vehicle_id, occurred_at=first.occurred_at + timedelta(minutes=2)))

    assert await maintenance(first.vehicle_id) == before
    assert await events_of(MaintenanceDue) == told


@pytest.mark.parametrize("how", ["returned", "disposed", "resold"])
async def test_appointments_of_who_does_not_have_the_vehicle_any_more_are_cancelled(
    deliver, registered, gone, booked, events_of, client, store_id, today, how
):
    car, other = (registered(occurred_at=datetime.now(UTC) - timedelta(hours=1)) for _ in range(2))
    await deliver(car, other)
    ended, held, kept = await booked(car), await booked(car, hold=True), await booked(other)
    resold = registered(car.vehicle_id, customer_id=uuid7())
    event = resold if how == "resold" else gone[how](car)

    await deliver(event)

    states = [(await client.get(f"/v1/appointments/{one}")).json()["state"] for one in (ended, held, kept)]
    assert states == ["cancelled", "cancelled", "booked"]
    [told] = await events_of(AppointmentCancelled)
    assert (str(told.appointment_id), told.customer_id, told.causation_id) == (ended, car.customer_id, event.id)
    params = {"store_id": str(store_id), "on": (today + timedelta(days=1)).isoformat(), "limit": 1}
    [slot] = (await client.get("/v1/slots", params=params)).json()["items"]
    assert slot["bays"] - slot["free"] == 1


async def test_the_owner_keeps_the_appointments_when_a_purchase_of_the_same_car_is_told_again(
    deliver, registered, booked, events_of
):
    car = registered(occurred_at=datetime.now(UTC) - timedelta(hours=1))
    await deliver(car)
    await booked(car)

    await deliver(registered(car.vehicle_id, lead_id=uuid7()))

    assert await events_of(AppointmentCancelled) == []


async def test_a_visit_goes_on_when_the_vehicle_is_gone(deliver, registered, disposed, client, store_id, events_of):
    car = registered(occurred_at=datetime.now(UTC) - timedelta(hours=1))
    await deliver(car)
    body = {"vehicle_id": str(car.vehicle_id), "store_id": str(store_id)}
    visit_id = (await client.post("/v1/visits", json=body)).json()["visit_id"]

    await deliver(disposed(car))

    assert (await client.get(f"/v1/visits/{visit_id}")).json()["stage"] == "arrived"


async def test_a_wrong_entry_of_the_odometer_does_not_outlive_its_sale(
    deliver, registered, returned, maintenance, today
):
    sale = {"lead_id": uuid7(), "purchased_on": today}
    typed = registered(odometer_km=80_000, occurred_at=datetime.now(UTC) - timedelta(hours=1), **sale)
    await deliver(typed)
    assert (await maintenance(typed.vehicle_id))["oil_service"]["cycle"] > 1

    await deliver(returned(typed), registered(typed.vehicle_id, odometer_km=8, sale=2, **sale))

    assert (await maintenance(typed.vehicle_id))["oil_service"]["cycle"] == 1
