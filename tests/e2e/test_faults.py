"""What was accepted has its effect once, also when the broker or the database goes away in the middle."""

import asyncio
from collections import Counter

import httpx
import pytest
from baoke_events import MemberEnrolled
from baoke_local.demo.dealer import until

CUSTOMERS = "/customer-service/v1/customers"


async def register(dealer, number):
    """Register a person, trying again while the platform answers that it cannot; the customer's id."""
    person = {"name": f"顾客{number}", "phone": f"1387{number:07d}", "store_id": dealer.store_id}
    while True:
        try:
            response = await dealer.send("POST", CUSTOMERS, json=person)
        except httpx.TransportError:
            await asyncio.sleep(0.2)
            continue
        if response.status_code in (200, 201):
            return response.json()["customer_id"]
        assert response.status_code == 503, response.text
        assert response.headers["Retry-After"]
        await asyncio.sleep(0.2)


async def steadily(dealer, numbers, *, pause_s):
    """Register one after the other."""
    registered = []
    for number in numbers:
        registered.append(await register(dealer, number))
        await asyncio.sleep(pause_s)
    return registered


async def everyone_is_enrolled_once(dealer, tap, customers):
    async def all_members():
        for customer in customers:
            await dealer.get(f"/loyalty-service/v1/members/{customer}")
        return True

    await until(all_members, "everyone to be a member", within_s=240)
    assert len(set(customers)) == len(customers)

    async def all_told():
        told = Counter(str(e.customer_id) for e in await tap.events(MemberEnrolled) if str(e.customer_id) in customers)
        return told if len(told) == len(customers) else None

    assert set((await until(all_told, "everyone's enrolment to be told")).values()) == {1}


@pytest.mark.parametrize("platform", [pytest.param("kafka", marks=pytest.mark.kafka)], indirect=True)
async def test_a_broker_that_is_away_for_ten_seconds_delays_and_loses_nothing(platform, dealer, tap, kafka_server):
    if kafka_server is None:
        pytest.skip("the broker is not ours to kill")
    working = asyncio.create_task(steadily(dealer, range(40), pause_s=0.3))
    await asyncio.sleep(1)

    await asyncio.to_thread(kafka_server.kill)
    await asyncio.sleep(10)
    await asyncio.to_thread(kafka_server.start)

    await everyone_is_enrolled_once(dealer, tap, await working)


async def test_a_database_that_restarts_loses_nothing_it_accepted(durable_postgres, dealer, tap):
    working = asyncio.create_task(steadily(dealer, range(100, 140), pause_s=0.1))
    await asyncio.sleep(1)

    await asyncio.to_thread(durable_postgres.kill)
    await asyncio.sleep(1)
    await asyncio.to_thread(durable_postgres.start)

    await everyone_is_enrolled_once(dealer, tap, await working)
