"""Points end at the end of their life, without anybody asking."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from baoke_events import PointsExpired

Enrol = Callable[..., Awaitable[UUID]]
RunJob = Callable[..., Awaitable[int]]

NEARLY_TWO_YEARS, OVER_TWO_YEARS = timedelta(days=725), timedelta(days=740)


async def test_points_past_their_end_leave_the_balance(
    enrol: Enrol,
    run_job: RunJob,
    client: httpx.AsyncClient,
    told: Callable[..., Awaitable[list[Any]]],
    check_books: Callable[[], Awaitable[dict[str, int]]],
):
    customer_id = await enrol(500, 300)
    await client.post(f"/v1/members/{customer_id}/redemptions", json={"points": 600, "reason": "gift"})

    early = await run_job("expire_points", now=datetime.now(UTC) + NEARLY_TWO_YEARS)
    due = await run_job("expire_points", now=datetime.now(UTC) + OVER_TWO_YEARS)

    assert (early, due) == (0, 1)
    [expired] = await told(PointsExpired)
    assert (expired.customer_id, expired.points, expired.balance) == (customer_id, 200, 0)
    assert await check_books() == {"issue": -800, "member": 0, "redemption": 600, "expiry": 200}
    [ended, *_] = (await client.get(f"/v1/members/{customer_id}/statement")).json()["items"]
    assert (ended["kind"], ended["points"], ended["balance"]) == ("expired", -200, 0)
    assert [award["points"] for award in ended["awards"]] == [200]


async def test_all_of_a_members_due_lots_end_in_one_entry(
    enrol: Enrol, run_job: RunJob, client: httpx.AsyncClient, told: Callable[..., Awaitable[list[Any]]]
):
    customer_id = await enrol(1, 2, 3)

    await run_job("expire_points", now=datetime.now(UTC) + OVER_TWO_YEARS)

    assert [event.points for event in await told(PointsExpired)] == [6]
    [ended, *_] = (await client.get(f"/v1/members/{customer_id}/statement")).json()["items"]
    assert [award["points"] for award in ended["awards"]] == [1, 2, 3]


async def test_a_second_run_finds_nothing(enrol: Enrol, run_job: RunJob, told: Callable[..., Awaitable[list[Any]]]):
    for _ in range(3):
        await enrol(100)
    later = datetime.now(UTC) + OVER_TWO_YEARS

    assert await run_job("expire_points", now=later) == 3
    assert await run_job("expire_points", now=later) == 0
    assert len(await told(PointsExpired)) == 3
