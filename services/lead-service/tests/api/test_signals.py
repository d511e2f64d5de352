import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from baoke_chassis.clock import utc_now
from sqlalchemy import text


async def test_the_same_signal_again_changes_nothing(
    client, without_hold_out, defeat, signal, reached, published, price_cut
):
    await defeat("price")
    first = await signal(**price_cut)
    told = await published()

    again = await signal(**{**price_cut, "make": "byd", "note": "by another hand"})

    assert again == first
    assert len(await reached(first)) == 1
    assert await published() == told


async def test_one_signal_sent_twice_at_once_is_one(client, price_cut):
    responses = await asyncio.gather(*(client.post("/v1/market-signals", json=price_cut) for _ in range(10)))

    assert len({response.json()["signal_id"] for response in responses}) == 1


async def test_a_dry_run_names_the_same_leads_and_writes_nothing(
    client, set_policy, defeat, signal, reached, published, database, price_cut
):
    await set_policy(reactivation={"hold_out_percent": 50})
    lost = [await defeat("price") for _ in range(20)]
    told = await published()

    first = await client.post("/v1/market-signals?dry_run=true&limit=15", json=price_cut)
    page = first.json()
    rest = await client.post(
        "/v1/market-signals", params={"dry_run": True, "limit": 15, "cursor": page["next_cursor"]}, json=price_cut
    )

    assert (first.status_code, page["matched"], rest.json()["next_cursor"]) == (200, 20, None)
    foretold = {UUID(item.pop("lead_id")): item for item in page["items"] + rest.json()["items"]}
    assert set(foretold) == set(lost)
    assert {item["state"] for item in foretold.values()} == {"activated", "held_out"}
    assert await published() == told
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM market_signal")) == 0
    approached = await reached(await signal(**price_cut))
    assert {lead: {name: item[name] for name in foretold[lead]} for lead, item in approached.items()} == foretold


async def test_a_signal_whose_time_has_passed_is_refused(client, price_cut):
    yesterday = (utc_now() - timedelta(days=2)).date().isoformat()

    response = await client.post("/v1/market-signals", json={**price_cut, "valid_until": yesterday})

    assert (response.status_code, response.json()["type"]) == (409, "/problems/signal-expired")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "rumour"},
        {"model": ""},
        {"price_to_cents": 21_000_000},
        {"price_to_cents": "cheap"},
        {"valid_until": "soon"},
        {"colour": "red"},
    ],
)
async def test_a_signal_that_makes_no_sense_is_refused(client, change, price_cut):
    assert (await client.post("/v1/market-signals", json={**price_cut, **change})).status_code == 422
