import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadReactivationEnded
from lead_service.commands import recall_approaches
from lead_service.domain.policy import LeadPolicy
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
    ("change", "pointer"),
    [
        ({"kind": "rumour"}, "/kind"),
        ({"kind": "care"}, "/kind"),
        ({"model": ""}, "/model"),
        ({"price_to_cents": 21_000_000}, "/price_to_cents"),
        ({"price_to_cents": None}, "/price_to_cents"),
        ({"price_from_cents": None}, "/price_from_cents"),
        ({"price_to_cents": "cheap"}, "/price_to_cents"),
        ({"price_to_cents": -1}, "/price_to_cents"),
        ({"valid_until": "soon"}, "/valid_until"),
        ({"valid_until": 20260131}, "/valid_until"),
        ({"kind": "offer"}, "/valid_until"),
        ({"kind": "competitor_change"}, "/competitor"),
        ({"competitor": " "}, "/competitor"),
        ({"note": "a" * 2001}, "/note"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_a_signal_that_makes_no_sense_is_refused_and_says_where(client, change, pointer, price_cut):
    body = {name: value for name, value in {**price_cut, **change}.items() if value is not None}

    response = await client.post("/v1/market-signals", json=body)

    assert response.status_code == 422
    assert pointer in [error["pointer"] for error in response.json()["errors"]]


async def test_signals_are_listed_newest_first_with_how_far_they_have_come(
    client, set_policy, defeat, signal, run_job, price_cut
):
    await set_policy(reactivation={"hold_out_percent": 100})
    await defeat("price")
    matched = await signal(**price_cut)
    response = await client.post("/v1/market-signals", json={"kind": "launch", "make": "BYD", "model": "Seal"})
    waiting = response.json()["signal_id"]

    page = (await client.get("/v1/market-signals", params={"limit": 1})).json()
    rest = (await client.get("/v1/market-signals", params={"cursor": page["next_cursor"]})).json()
    launches = (await client.get("/v1/market-signals", params={"kind": "launch"})).json()["items"]

    assert [item["signal_id"] for item in page["items"]] == [waiting] == [item["signal_id"] for item in launches]
    assert page["items"][0]["state"] == "matching"
    [shown] = rest["items"]
    assert (shown["signal_id"], shown["state"], shown["activated"], shown["held_out"]) == (matched, "matched", 0, 1)
    assert (shown["model"], shown["price_to_cents"]) == ("Seal", 18_980_000)


async def test_a_signal_shows_what_became_of_those_it_was_for(
    client, without_hold_out, defeat, signal, reached, price_cut
):
    await defeat("price")
    declined = await defeat("price")
    signal_id = await signal(**price_cut)
    reactivation_id = (await reached(signal_id))[declined]["reactivation_id"]
    assert (await client.post(f"/v1/reactivations/{reactivation_id}/decline")).is_success

    shown = (await client.get(f"/v1/market-signals/{signal_id}")).json()

    nobody = {"open": 0, "re_engaged": 0, "won": 0, "declined": 0, "expired": 0, "withdrawn": 0}
    assert shown["activated_outcomes"] == {**nobody, "open": 1, "declined": 1}
    assert shown["held_out_outcomes"] == nobody


async def test_nobody_is_approached_with_a_signal_that_was_taken_back(
    client, without_hold_out, defeat, signal, reached, run_job, price_cut
):
    await defeat("price")
    signal_id = (await client.post("/v1/market-signals", json=price_cut)).json()["signal_id"]

    answers = [await client.post(f"/v1/market-signals/{signal_id}/withdraw") for _ in range(2)]
    await run_job("match-signals")

    assert [answer.json()["state"] for answer in answers] == ["withdrawn"] * 2
    assert answers[0].json() == answers[1].json()
    assert await reached(signal_id) == {}
    again = await signal(**price_cut)
    assert again != signal_id
    assert len(await reached(again)) == 1


async def test_what_was_still_to_be_said_is_called_back_with_the_signal(
    client, set_policy, defeat, capture, signal, reached, published, run_job, price_cut
):
    await set_policy(reactivation={"hold_out_percent": 50})
    lost = {await defeat("price") for _ in range(30)}
    signal_id = await signal(**price_cut)
    approached = await reached(signal_id)
    declined = next(lead for lead, item in approached.items() if item["state"] == "activated")
    await client.post(f"/v1/reactivations/{approached[declined]['reactivation_id']}/decline")
    told = len(await published())

    for _ in range(2):
        assert (await client.post(f"/v1/market-signals/{signal_id}/withdraw")).is_success
        await run_job("recall-approaches")

    ended = {event.lead_id: event for event in (await published())[told:]}
    assert set(ended) == lost - {declined}
    for lead_id, event in ended.items():
        item = approached[lead_id]
        assert isinstance(event, LeadReactivationEnded)
        assert (str(event.reactivation_id), str(event.signal_id)) == (item["reactivation_id"], signal_id)
        assert (str(event.store_id), event.strategy, event.reason) == (item["store_id"], "price_drop", "price")
        assert (event.outcome, event.held_out) == ("withdrawn", item["state"] == "held_out")
        assert event.reactivated_at == datetime.fromisoformat(item["reactivated_at"])
    outcomes = {lead: item["outcome"] for lead, item in (await reached(signal_id)).items()}
    assert outcomes == {lead: "declined" if lead == declined else "withdrawn" for lead in lost}


async def test_approaches_are_called_back_batch_by_batch_and_none_twice(
    client, without_hold_out, defeat, signal, published, run_job, monkeypatch, price_cut
):
    monkeypatch.setattr(recall_approaches, "BATCH", 2)
    lost = {await defeat("price") for _ in range(5)}
    signal_id = await signal(**price_cut)
    await client.post(f"/v1/market-signals/{signal_id}/withdraw")

    handled = await run_job("recall-approaches")

    ended = [event.lead_id for event in await published() if isinstance(event, LeadReactivationEnded)]
    assert (handled, len(ended), set(ended)) == (5, 5, lost)
    assert await run_job("recall-approaches") == 0


async def test_a_days_greetings_are_not_withdrawn(client, without_hold_out, defeat, run_job):
    await defeat("unknown")
    await run_job("greet-lost-leads", now=utc_now() + timedelta(days=31))
    [greetings] = (await client.get("/v1/market-signals")).json()["items"]

    response = await client.post(f"/v1/market-signals/{greetings['signal_id']}/withdraw")

    assert (response.status_code, response.json()["type"]) == (409, "/problems/care-not-withdrawn")


async def test_a_signal_is_not_matched_on_behind_its_last_day(
    client, without_hold_out, defeat, reached, run_job, price_cut
):
    await defeat("price")
    today = LeadPolicy().today(utc_now()).isoformat()
    response = await client.post("/v1/market-signals", json={**price_cut, "valid_until": today})

    await run_job("match-signals", now=utc_now() + timedelta(days=2))

    assert await reached(response.json()["signal_id"]) == {}


async def test_signals_of_another_dealer_are_not_there(client, client_as, signal, price_cut):
    signal_id = await signal(**price_cut)
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)

    shown, withdrawn = (
        await stranger.get(f"/v1/market-signals/{signal_id}"),
        await stranger.post(f"/v1/market-signals/{signal_id}/withdraw"),
    )

    assert (shown.status_code, withdrawn.status_code) == (404, 404)
    assert (await stranger.get("/v1/market-signals")).json()["items"] == []


async def test_what_is_said_again_after_the_cool_off_is_news(
    client, without_hold_out, session, defeat, signal, reached
):
    arrival = {"kind": "stock_arrival", "make": "BYD", "model": "Seal"}
    first = await signal(**arrival)
    waiting = await defeat("delivery_time")

    within = await signal(**arrival)
    await session.execute(text("UPDATE market_signal SET matched_at = matched_at - interval '31 days'"))
    await session.commit()
    after = {(await client.post("/v1/market-signals", json=arrival)).json()["signal_id"] for _ in range(2)}
    again = await signal(**arrival)

    assert within == first
    assert after == {again}
    assert again != first
    assert list(await reached(again)) == [waiting]


async def test_a_retry_is_one_even_where_nobody_cools_off(set_policy, signal, price_cut):
    await set_policy(reactivation={"cool_off_days": 0})

    assert await signal(**price_cut) == await signal(**price_cut)


async def test_who_is_for_some_stores_neither_tells_all_of_a_signal_nor_sees_whom_it_would_touch(
    client, client_as, store_id, defeat, price_cut
):
    await defeat("price")
    limited = client_as(Role.MANAGER, stores=[store_id])
    signal_id = (await client.post("/v1/market-signals", json=price_cut)).json()["signal_id"]

    answers = [
        await limited.post("/v1/market-signals", json=price_cut),
        await limited.post("/v1/market-signals?dry_run=true", json=price_cut),
        await limited.post(f"/v1/market-signals/{signal_id}/withdraw"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert (await client.get(f"/v1/market-signals/{signal_id}")).json()["withdrawn_at"] is None
