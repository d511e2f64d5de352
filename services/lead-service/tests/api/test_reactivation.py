import asyncio
from uuid import UUID

from baoke_chassis.access import Role
from baoke_events import LeadReactivated
from sqlalchemy import text


async def test_held_out_leads_are_recorded_and_nothing_is_said(
    set_policy, defeat, signal, reached, published, price_cut
):
    await set_policy(reactivation={"hold_out_percent": 100})
    lead_id = await defeat("price")
    told = await published()

    approached = await reached(await signal(**price_cut))

    assert approached[lead_id]["state"] == "held_out"
    assert await published() == told


async def test_what_became_of_an_approach_is_seen_by_the_lead_that_followed(
    client, without_hold_out, defeat, capture, signal, reached, price_cut
):
    lost = await defeat("price", contact={"phone": "13800138000"})
    signal_id = await signal(**price_cut)

    back = await capture(contact={"phone": "13800138000"})
    re_engaged = (await reached(signal_id))[lost]
    sale = {
        "vin": "LC0CE4CB7N0123455",
        "make": "BYD",
        "model": "Seal",
        "price_cents": 1,
        "sold_at": "2026-01-08T06:30:00Z",
    }
    assert (await client.post(f"/v1/leads/{back}/win", json=sale)).is_success
    won = (await reached(signal_id))[lost]

    assert (re_engaged["outcome"], re_engaged["successor_lead_id"]) == ("re_engaged", str(back))
    assert won["outcome"] == "won"
    assert (await client.get(f"/v1/leads/{lost}")).json()["stage"] == "defeated"


async def test_many_leads_are_approached_batch_by_batch(
    without_hold_out, session, defeat, signal, reached, published, price_cut
):
    pattern = await defeat("price")
    await session.execute(
        text(
            "INSERT INTO defeat SELECT (jsonb_populate_record(d, jsonb_build_object('lead_id', gen_random_uuid()))).*"
            " FROM defeat d, generate_series(1, 4500) WHERE d.lead_id = :pattern"
        ),
        {"pattern": pattern},
    )
    await session.commit()

    await signal(**price_cut)

    reactivated = [event.lead_id for event in await published() if isinstance(event, LeadReactivated)]
    assert len(reactivated) == len(set(reactivated)) == 4501


async def test_two_workers_at_once_approach_each_lead_once(
    client, without_hold_out, defeat, run_job, published, price_cut
):
    for _ in range(5):
        await defeat("price")
    await client.post("/v1/market-signals", json=price_cut)
    await client.post("/v1/market-signals", json={**price_cut, "price_to_cents": 18_000_000})

    await asyncio.gather(*(run_job("match-signals") for _ in range(4)))

    assert len([event for event in await published() if isinstance(event, LeadReactivated)]) == 5


async def test_the_approach_continues_the_story_of_its_signal(
    client, without_hold_out, defeat, run_job, published, session, price_cut
):
    await defeat("price")
    signal_id = (await client.post("/v1/market-signals", json=price_cut)).json()["signal_id"]

    await run_job("match-signals")

    kept = await session.execute(
        text("SELECT correlation_id, traceparent FROM market_signal WHERE id = :id"), {"id": signal_id}
    )
    fact = (await published())[-1]
    assert (fact.correlation_id, fact.traceparent) == tuple(kept.one())


async def test_reactivations_are_listed_by_lead_state_and_store(
    client, client_as, set_policy, defeat, signal, store_id, other_store_id, price_cut
):
    await set_policy(reactivation={"hold_out_percent": 0})
    here, there = await defeat("price"), await defeat("price", store_id=str(other_store_id))
    await signal(**price_cut)

    async def leads(reader=client, **query):
        items = (await reader.get("/v1/reactivations", params=query)).json()["items"]
        return {UUID(item["lead_id"]) for item in items}

    assert await leads(lead_id=str(there)) == {there}
    assert await leads(state="activated") == {here, there}
    assert await leads(state="held_out") == set()
    assert await leads(client_as(Role.MANAGER, stores=[store_id])) == {here}
