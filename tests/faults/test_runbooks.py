"""What the runbooks say, done to the platform as it runs in production."""

import asyncio
import json
import random

import pytest

from faults.names import Names
from faults.stories import Stories

SALES = 3
WRITER = 9_000
BAD = ["-m", "faults.controls.bad_release", "worker"]
KNOWN = "SELECT count(*) FROM purchase WHERE customer_id IS NOT NULL AND vin = ANY($1)"


@pytest.fixture
def cluster(run):
    return run.cluster


@pytest.fixture
def stories(run):
    return Stories(run.workload.caller, random.Random(1), Names(WRITER), [])


@pytest.mark.kafka
@pytest.mark.timeout(300)
async def test_what_a_bad_release_parks_heals_in_order_once_the_former_one_is_back(cluster, stories):
    for worker in cluster.of("loyalty_service", "worker"):
        await cluster.remove(worker)
    bad = await cluster.add("loyalty_service.bad", "loyalty_service", BAD)
    vins = [await stories.sell_at_once() for _ in range(SALES)]
    await until(cluster, "SELECT count(DISTINCT key) FROM parked_event", at_least=SALES)

    await cluster.remove(bad)
    await cluster.add("loyalty_service.worker-0", "loyalty_service", ["-m", "loyalty_service", "worker"])
    status = json.loads(await cluster.operate("loyalty_service", "status", "--json"))
    replayed = await cluster.operate("loyalty_service", "replay")

    assert len(status["parked"]) == SALES
    assert replayed == f"{SALES} healed, 0 still parked"
    await until(cluster, KNOWN, vins, at_least=SALES)
    assert json.loads(await cluster.operate("loyalty_service", "status", "--json"))["parked"] == []


async def until(cluster, query, *values, at_least):
    """Return when the query counts so many in loyalty-service's database."""
    connection = await cluster.connect("loyalty_service")
    try:
        async with asyncio.timeout(90):
            while await connection.fetchval(query, *values) < at_least:
                await asyncio.sleep(0.2)
    finally:
        await connection.close()
