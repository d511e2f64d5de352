import asyncio
import csv
import sys
from asyncio.subprocess import PIPE
from datetime import timedelta
from io import StringIO

import pytest
from baoke_chassis.clock import utc_now
from lead_service.commands.take_imports_in import take_next_rows
from sqlalchemy import text

JOB = "take-imports-in"
ROWS = 4_000

WORKER = """
import asyncio, sys
from baoke_chassis.clock import utc_now
from baoke_chassis.database import Database
from lead_service.commands import take_imports_in

take_imports_in.BATCH = 50

async def main():
    database = Database(sys.argv[1], service="lead-service")
    handled = 1
    while handled:
        async with database.begin() as session:
            handled = await take_imports_in.take_next_rows(session, now=utc_now())
        print(handled, flush=True)
    await database.close()

asyncio.run(main())
"""
"""A worker that takes small turns, so that there are many moments to kill it at."""


@pytest.fixture
def table():
    """Rows of people who come once, twice with the same source id, or with a number that nobody can have."""
    text_ = StringIO(newline="")
    writer = csv.writer(text_)
    writer.writerow(["姓名", "手机", "线索ID", "备注"])
    for number in range(ROWS):
        phone = 12 if number % 20 == 7 else 13_900_000_000 + number
        writer.writerow(
            [f"王{number}", phone, f"D-{number - number % 50 if number % 50 == 3 else number}", "周末,\n看车"]
        )
    return text_.getvalue()


@pytest.fixture
async def import_id(client, table, store_id):
    response = await client.post(
        "/v1/lead-imports",
        content=table.encode(),
        headers={"Content-Type": "text/csv"},
        params={"store_id": str(store_id), "channel": "event"},
    )
    return response.json()["import_id"]


async def test_a_worker_that_is_killed_at_any_moment_goes_on_without_a_row_lost_or_doubled(
    client, import_id, database, session, published
):
    url = database.engine.url.render_as_string(hide_password=False)
    kills = 0
    while (await client.get(f"/v1/lead-imports/{import_id}")).json()["state"] != "done":
        worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, url, stdout=PIPE)
        for _ in range(kills + 1):
            await worker.stdout.readline()
        await asyncio.sleep(0.01 * kills)  # somewhere in the next turn
        if not worker.stdout.at_eof():
            worker.kill()
            kills += 1
        await worker.communicate()

    done = (await client.get(f"/v1/lead-imports/{import_id}")).json()
    assert kills > 0
    assert [done[name] for name in ("rows_read", "repeated", "rejected")] == [ROWS, ROWS // 50, ROWS // 20]
    assert done["created"] == ROWS - ROWS // 50 - ROWS // 20
    assert await session.scalar(text("SELECT count(*) FROM lead")) == done["created"]
    assert await session.scalar(text("SELECT count(*) FROM lead_import_rejection")) == done["rejected"]
    captured = [fact for fact in await published() if fact.type == "baoke.lead.captured.v1"]
    assert len(captured) == len({fact.lead_id for fact in captured}) == done["created"]


async def test_two_workers_at_once_take_no_row_twice(client, import_id, database):
    async def work():
        handled = 1
        while handled:
            async with database.begin() as session:
                handled = await take_next_rows(session, now=utc_now())

    await asyncio.gather(work(), work())
    await work()

    done = (await client.get(f"/v1/lead-imports/{import_id}")).json()
    assert (done["state"], done["rows_read"]) == ("done", ROWS)


async def test_an_import_that_cannot_go_on_fails_and_does_not_hold_up_the_others(
    client, import_id, session, run_job, store_id
):
    await session.execute(text("UPDATE lead_import SET encoding = 'klingon'"))
    await session.commit()
    other = await client.post(
        "/v1/lead-imports",
        content="姓名,手机\n李娜,13800138000\n".encode(),
        headers={"Content-Type": "text/csv"},
        params={"store_id": str(store_id)},
    )

    await run_job(JOB)

    failed = (await client.get(f"/v1/lead-imports/{import_id}")).json()
    assert (failed["state"], failed["failure"]) == ("failed", "KeyError in the 1000 rows behind row 1")
    assert (await client.get(f"/v1/lead-imports/{other.json()['import_id']}")).json()["state"] == "done"


async def test_an_import_is_forgotten_with_its_rejected_rows_when_the_policy_says(
    client, import_id, run_job, session, set_policy
):
    await run_job(JOB)
    await set_policy(imports={"kept_days": 7})

    runs = [await run_job("forget-imports", now=utc_now() + timedelta(days=days)) for days in (6, 8)]

    assert runs == [0, 1]
    assert (await client.get(f"/v1/lead-imports/{import_id}")).status_code == 404
    assert await session.scalar(text("SELECT count(*) FROM lead_import_rejection")) == 0
