import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from baoke_events import MaintenanceDue
from service_reminder.commands.remind_due_vehicles import remind_due_vehicles
from sqlalchemy import text

pytestmark = pytest.mark.usefixtures("any_hour")


async def test_two_workers_share_what_is_due_and_say_it_once(deliver, registered, driven, database, events_of):
    cars = [registered() for _ in range(6)]
    for car in cars:
        await deliver(car, *driven(car.vehicle_id, km=29_600))
    later = datetime.now(UTC) + timedelta(days=6)

    async def work() -> int:
        async with database.begin() as session:
            return await remind_due_vehicles(session, now=later, limit=2)

    handled = [n for _ in range(3) for n in await asyncio.gather(work(), work())]

    said = [due.vehicle_id for due in await events_of(MaintenanceDue) if due.step == "second"]
    assert sum(handled) == 6
    assert sorted(said) == sorted(car.vehicle_id for car in cars)


async def test_only_vehicles_that_are_due_are_claimed(deliver, registered, driven, run_job):
    due, quiet = registered(), registered()
    await deliver(due, *driven(due.vehicle_id, km=29_600), quiet, *driven(quiet.vehicle_id, km=21_000))

    assert await run_job("remind_due_vehicles") == 0
    assert await run_job("remind_due_vehicles", now=datetime.now(UTC) + timedelta(days=6)) == 1


async def test_due_vehicles_are_found_by_an_index(session):
    await session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = await session.scalars(
        text("EXPLAIN SELECT * FROM vehicle WHERE next_step_at <= now() ORDER BY next_step_at")
    )

    assert "ix_vehicle_next_step_at" in "\n".join(plan)
