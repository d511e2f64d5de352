import random
from datetime import UTC, datetime, timedelta

import pytest
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import MaintenanceDue
from baoke_events.ids import uuid7

pytestmark = pytest.mark.usefixtures("any_hour")


async def test_readings_that_come_near_a_milestone_remind_the_owner_at_once(
    deliver, registered, driven, events_of, today
):
    car = registered()

    await deliver(car)
    await deliver(*driven(car.vehicle_id, km=29_600))

    (due,) = await events_of(MaintenanceDue)
    assert (due.step, due.due_on, due.odometer_km) == ("first", today + timedelta(days=8), 29_600)
    assert {item.code for item in due.items} >= {"gearbox_oil", "brake_inspection", "oil_service"}
    assert {item.due_km for item in due.items if item.code == "gearbox_oil"} == {30_000}
    assert (due.customer_id, due.store_id, due.vehicle_id) == (car.customer_id, car.store_id, car.vehicle_id)


async def test_shuffled_repeated_and_split_readings_remind_once(deliver, registered, driven, events_of):
    car = registered()
    readings = driven(car.vehicle_id, km=29_600)
    shuffled = random.Random(7).sample([*readings, *readings], k=2 * len(readings))  # noqa: S311

    await deliver(car, *shuffled[:20])
    for at in range(20, len(shuffled), 7):
        await deliver(*shuffled[at : at + 7])
    again = [reading.model_copy(update={"id": uuid7()}) for reading in shuffled]
    await deliver(car.model_copy(update={"id": uuid7()}), *again)

    steps = [(item.code, due.step) for due in await events_of(MaintenanceDue) for item in due.items]
    assert len(steps) == len(set(steps))
    assert ("gearbox_oil", "first") in steps
    assert ("gearbox_oil", "second") not in steps


async def test_readings_before_the_registration_are_not_lost(deliver, registered, driven, events_of, client):
    car = registered()

    await deliver(*driven(car.vehicle_id, km=29_600))
    before = await client.get(f"/v1/vehicles/{car.vehicle_id}/maintenance")
    await deliver(car)

    assert before.status_code == 404
    (due,) = await events_of(MaintenanceDue)
    assert "gearbox_oil" in {item.code for item in due.items}


async def test_a_reminder_carries_on_the_story_of_the_reading(deliver, registered, driven, events_of):
    car = registered()
    *earlier, last = driven(car.vehicle_id, km=29_600)
    correlation_id, trace = uuid7(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    last = last.model_copy(update={"correlation_id": correlation_id, "traceparent": trace})

    await deliver(car)
    await deliver(*earlier[:7], last)

    (due,) = await events_of(MaintenanceDue)
    assert (due.causation_id, due.correlation_id) == (last.id, correlation_id)
    assert due.traceparent
    assert due.traceparent.split("-")[1] == trace.split("-")[1]


async def test_the_clock_says_the_second_step_once_and_then_that_it_is_overdue(
    deliver, registered, driven, events_of, run_job
):
    car = registered()
    await deliver(car, *driven(car.vehicle_id, km=29_600))
    in_days = [datetime.now(UTC) + timedelta(days=days) for days in (1, 6, 6, 15, 16)]

    for now in in_days:
        await run_job("remind_due_vehicles", now=now)

    due = await events_of(MaintenanceDue)
    assert [one.step for one in due if "gearbox_oil" in {item.code for item in one.items}] == [
        "first",
        "second",
        "overdue",
    ]
    assert due[-1].causation_id is not None


async def test_a_jump_over_two_steps_says_the_latest_only(deliver, registered, driven, events_of):
    car = registered()

    await deliver(car, *driven(car.vehicle_id, km=29_900))

    (due,) = await events_of(MaintenanceDue)
    assert due.step == "second"


async def test_a_five_year_old_car_is_not_flooded_with_what_was_due_before(deliver, registered, driven, events_of):
    bought = (datetime.now(UTC) - timedelta(days=5 * 365 + 200)).date()
    car = registered(purchased_on=bought, odometer_km=83_000)

    await deliver(car, *driven(car.vehicle_id, km=83_000))

    assert await events_of(MaintenanceDue) == []


async def test_vehicles_of_two_dealers_in_one_batch_are_kept_apart(deliver, registered, driven, events_of, client_as):
    ours, theirs = registered(), registered(dealer_id=OTHER_DEALER)
    readings = [
        reading.model_copy(update={"dealer_id": car.dealer_id})
        for car in (ours, theirs)
        for reading in driven(car.vehicle_id, km=29_600)
    ]

    await deliver(ours, theirs, *readings)

    due = await events_of(MaintenanceDue)
    assert {(one.dealer_id, one.vehicle_id) for one in due} == {
        (ours.dealer_id, ours.vehicle_id),
        (theirs.dealer_id, theirs.vehicle_id),
    }
    foreign = await client_as("manager").get(f"/v1/vehicles/{theirs.vehicle_id}/maintenance")
    assert foreign.status_code == 404


async def test_a_powertrain_that_this_version_does_not_know_has_no_plan_and_harms_nobody(deliver, registered, client):
    car = registered(powertrain="hydrogen")

    await deliver(car)

    answer = (await client.get(f"/v1/vehicles/{car.vehicle_id}/maintenance")).json()
    assert (answer["plan"], answer["items"]) == (None, [])


async def test_a_new_owner_is_the_one_who_is_reminded(deliver, registered, driven, events_of):
    car = registered()
    buyer = uuid7()
    sold = registered(car.vehicle_id, customer_id=buyer, occurred_at=car.occurred_at + timedelta(seconds=5))

    await deliver(car, sold, car.model_copy(update={"id": uuid7()}))
    await deliver(*driven(car.vehicle_id, km=29_600))

    (due,) = await events_of(MaintenanceDue)
    assert due.customer_id == buyer
