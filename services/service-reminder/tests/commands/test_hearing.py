"""Readings wait in their vehicle's row until it is looked at."""

from datetime import UTC, datetime, timedelta

import pytest
from baoke_chassis.testing import DEALER
from baoke_events import MaintenanceDue
from baoke_events.origin import Origin
from service_reminder.commands.remind_due_vehicles import remind_due_vehicles
from service_reminder.commands.track_vehicles import MOST_WAITING, TrackVehicle, track_vehicles
from service_reminder.domain.odometer import Reading, keep
from service_reminder.domain.reminders import SETTLES_WITHIN
from sqlalchemy import text

pytestmark = pytest.mark.usefixtures("any_hour")


@pytest.fixture
def hear(database):
    async def take_in(vehicle_id, *readings: Reading, now: datetime) -> None:
        async with database.begin() as session:
            commands = [TrackVehicle(DEALER, vehicle_id, reading, Origin.now()) for reading in readings]
            await track_vehicles(session, commands, now=now)

    return take_in


@pytest.fixture
def row_of(database):
    async def read(vehicle_id):
        async with database.begin() as session:
            query = text("SELECT readings, heard, unsettled_since, next_step_at FROM vehicle WHERE vehicle_id = :id")
            return (await session.execute(query, {"id": vehicle_id})).one()

    return read


async def test_a_vehicle_that_reports_every_four_seconds_is_reminded_within_a_minute(
    deliver, registered, driven, hear, database, events_of
):
    car = registered()
    start = datetime.now(UTC) + timedelta(hours=1)
    await deliver(car, *driven(car.vehicle_id, km=29_000, until=start - timedelta(days=1)))
    reminded_after = []

    for seconds in range(0, 72, 4):
        now = start + timedelta(seconds=seconds)
        async with database.begin() as session:
            if await remind_due_vehicles(session, now=now, limit=10):
                reminded_after.append(timedelta(seconds=seconds))
        await hear(car.vehicle_id, Reading(now, 29_600), now=now)

    assert reminded_after == [SETTLES_WITHIN]
    (due,) = await events_of(MaintenanceDue)
    assert due.odometer_km == 29_600


async def test_what_waits_is_shown_before_it_has_settled(client, deliver, registered, hear, row_of):
    car = registered()
    await deliver(car)
    now = datetime.now(UTC)

    await hear(car.vehicle_id, Reading(now, 20_000), now=now)

    row = await row_of(car.vehicle_id)
    assert (row.readings, [km for _, km in row.heard], row.unsettled_since) == ([], [20_000], now)
    shown = (await client.get(f"/v1/vehicles/{car.vehicle_id}/maintenance")).json()
    assert shown["odometer_km"] == 20_000


async def test_more_than_may_wait_is_taken_in_and_the_first_news_stays_the_first(registered, hear, row_of):
    car, start = registered(), datetime.now(UTC)
    readings = [Reading(start - timedelta(days=400 - n), 10_000 + n) for n in range(MOST_WAITING)]

    await hear(car.vehicle_id, *readings, now=start)
    before = await row_of(car.vehicle_id)
    await hear(car.vehicle_id, Reading(start, 20_000), now=start + timedelta(seconds=1))
    after = await row_of(car.vehicle_id)

    assert (len(before.readings), len(before.heard)) == (0, MOST_WAITING)
    assert (len(after.readings), after.heard) == (len(keep([*readings, Reading(start, 20_000)])), [])
    assert (after.readings[-1][1], after.unsettled_since) == (20_000, start)
