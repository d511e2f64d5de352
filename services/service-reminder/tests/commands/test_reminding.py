import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from baoke_chassis.testing import DEALER
from baoke_events import MaintenanceDue
from service_reminder.commands.remind_due_vehicles import remind_due_vehicles
from service_reminder.db.vehicles import claim_due
from sqlalchemy import text
from sqlalchemy.event import listen

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


async def test_a_claim_reads_the_vehicles_that_are_due_and_no_others(database):
    now = datetime.now(UTC)
    async with database.begin() as session:
        await session.execute(_FLEET, {"dealer_id": DEALER, "now": now, "vehicles": 20_000, "due": 20})
        await session.execute(text("ANALYZE vehicle"))
        sent: list[tuple[str, Any]] = []
        listen(database.engine.sync_engine, "before_cursor_execute", lambda *seen: sent.append(seen[2:4]), once=True)

        claimed = await claim_due(session, now=now, limit=500)

        [(statement, parameters)] = sent
        connection = await session.connection()
        explained = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        nodes = list(_nodes(explained.scalar_one()[0]["Plan"]))

    assert len(claimed) == 20
    assert "ix_vehicle_next_step_at" in {node.get("Index Name") for node in nodes}
    assert max(node["Actual Rows"] for node in nodes) == 20
    assert not any("Rows Removed by Filter" in node for node in nodes)


_FLEET = text("""
INSERT INTO vehicle (dealer_id, vehicle_id, next_step_at)
SELECT :dealer_id, gen_random_uuid(), CAST(:now AS timestamptz) + make_interval(days => n - CAST(:due AS integer))
FROM generate_series(1, CAST(:vehicles AS integer)) AS n
""")


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _nodes(part)
