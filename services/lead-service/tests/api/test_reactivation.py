import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadReactivated
from sqlalchemy import text

PRICE_CUT = {
    "kind": "price_cut",
    "make": "BYD",
    "model": "Seal",
    "price_from_cents": 20_180_000,
    "price_to_cents": 18_980_000,
}


@pytest.fixture
def signal(client, run_job):
    """Posts a signal, lets it be matched, and answers its id."""

    async def send(**body):
        response = await client.post("/v1/market-signals", json=body)
        assert response.status_code == 202, response.text
        await run_job("match-signals")
        return response.json()["signal_id"]

    return send


@pytest.fixture
def reached(client):
    """The leads that a signal approached or held out, each with its answer."""

    async def read(signal_id):
        items = (await client.get("/v1/reactivations", params={"signal_id": signal_id, "limit": 200})).json()["items"]
        return {UUID(item["lead_id"]): item for item in items}

    return read


@pytest.fixture
def pass_days(session):
    """Everything that happened to a lost lead so far happened that many days earlier."""

    async def pass_(days, lead_id):
        ago = f"make_interval(days => {days})"
        await session.execute(
            text(
                f"UPDATE defeat SET defeated_at = defeated_at - {ago}, last_attempt_at = last_attempt_at - {ago}"
                " WHERE lead_id = :lead_id"
            ),
            {"lead_id": lead_id},
        )
        await session.commit()

    return pass_


async def test_a_price_cut_wins_back_who_was_lost_on_price(without_hold_out, defeat, signal, reached, published):
    await without_hold_out()
    on_price = await defeat("price", grade="a")
    await defeat("configuration")
    told = len(await published())

    signal_id = await signal(**PRICE_CUT)

    approached = await reached(signal_id)
    assert list(approached) == [on_price]
    item = approached[on_price]
    assert (item["state"], item["strategy"], item["priority"]) == ("activated", "price_drop", 95)
    assert item["factors"] == {"grade": 30, "reason_fit": 40, "recency": 25, "earlier_attempts": 0}
    assert (item["outcome"], item["successor_lead_id"]) == (None, None)
    [fact] = (await published())[told:]
    assert isinstance(fact, LeadReactivated)
    assert (fact.lead_id, str(fact.signal_id)) == (on_price, signal_id)
    assert (fact.price_from_cents, fact.price_to_cents, fact.difference_cents) == (20_180_000, 18_980_000, 1_200_000)
    assert (fact.strategy, fact.reason, fact.priority, fact.attempt) == ("price_drop", "price", 95, 1)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("price_cut", {"price": "price_drop"}),
        ("offer", {"price": "limited_offer", "finance": "limited_offer"}),
        ("stock_arrival", {"configuration": "in_stock", "delivery_time": "in_stock"}),
        ("competitor_change", {"competitor": "competitor_answer"}),
        ("launch", {"competitor": "competitor_answer", "unknown": "care"}),
    ],
)
async def test_each_kind_of_signal_reaches_the_reasons_it_answers(
    without_hold_out, defeat, signal, reached, kind, expected
):
    await without_hold_out()
    reasons = ("price", "configuration", "delivery_time", "competitor", "finance", "no_need", "unreachable", "unknown")
    names = {await defeat(reason): reason for reason in reasons}

    approached = await reached(await signal(kind=kind, make="BYD", model="Seal"))

    assert {names[lead_id]: item["strategy"] for lead_id, item in approached.items()} == expected


async def test_a_lead_lost_long_ago_gets_a_greeting_whatever_the_reason_was(
    without_hold_out, defeat, signal, reached, pass_days
):
    await without_hold_out()
    long_ago, lately = await defeat("no_need"), await defeat("no_need")
    await pass_days(91, long_ago)
    await pass_days(89, lately)

    approached = await reached(await signal(kind="launch", make="BYD", model="Seal"))

    assert {lead_id: item["strategy"] for lead_id, item in approached.items()} == {long_ago: "care"}


async def test_only_the_same_competitor_is_answered_where_both_name_one(without_hold_out, defeat, signal, reached):
    await without_hold_out()
    tesla, _, unnamed = (
        await defeat("competitor", "Tesla"),
        await defeat("competitor", "NIO"),
        await defeat("competitor"),
    )

    approached = await reached(
        await signal(kind="competitor_change", make="BYD", model="Seal", competitor="ＴＥＳＬＡ")
    )

    assert set(approached) == {tesla, unnamed}


async def test_models_match_in_any_spelling_and_trims_where_both_name_one(without_hold_out, defeat, signal, reached):
    await without_hold_out()
    same = await defeat("price", interest={"make": "ｂｙｄ", "model": "SEAL ", "trim": "long range"})
    any_trim = await defeat("price", interest={"model": "se al"})
    await defeat("price", interest={"trim": "Performance"})
    await defeat("price", interest={"model": "Dolphin"})

    approached = await reached(await signal(**PRICE_CUT, trim="Long  Range"))

    assert set(approached) == {same, any_trim}


async def test_the_same_signal_again_changes_nothing(client, without_hold_out, defeat, signal, reached, published):
    await without_hold_out()
    await defeat("price")
    first = await signal(**PRICE_CUT)
    told = await published()

    again = await signal(**{**PRICE_CUT, "make": "byd", "note": "by another hand"})

    assert again == first
    assert len(await reached(first)) == 1
    assert await published() == told


async def test_one_signal_sent_twice_at_once_is_one(client):
    responses = await asyncio.gather(*(client.post("/v1/market-signals", json=PRICE_CUT) for _ in range(10)))

    assert len({response.json()["signal_id"] for response in responses}) == 1


async def test_a_dry_run_names_the_same_leads_and_writes_nothing(
    client, set_policy, defeat, signal, reached, published, database
):
    await set_policy(reactivation={"hold_out_percent": 50})
    lost = [await defeat("price") for _ in range(12)]
    told = await published()

    first = await client.post("/v1/market-signals?dry_run=true&limit=8", json=PRICE_CUT)
    page = first.json()
    rest = await client.post(
        "/v1/market-signals", params={"dry_run": True, "limit": 8, "cursor": page["next_cursor"]}, json=PRICE_CUT
    )

    assert (first.status_code, page["matched"], rest.json()["next_cursor"]) == (200, 12, None)
    foretold = {UUID(item.pop("lead_id")): item for item in page["items"] + rest.json()["items"]}
    assert set(foretold) == set(lost)
    assert {item["state"] for item in foretold.values()} == {"activated", "held_out"}
    assert await published() == told
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM market_signal")) == 0
    approached = await reached(await signal(**PRICE_CUT))
    assert {lead: {name: item[name] for name in foretold[lead]} for lead, item in approached.items()} == foretold


async def test_held_out_leads_are_recorded_and_nothing_is_said(set_policy, defeat, signal, reached, published):
    await set_policy(reactivation={"hold_out_percent": 100})
    lead_id = await defeat("price")
    told = await published()

    approached = await reached(await signal(**PRICE_CUT))

    assert approached[lead_id]["state"] == "held_out"
    assert await published() == told


async def test_an_approached_lead_is_left_alone_for_the_cool_off_and_after_three_attempts(
    without_hold_out, defeat, signal, reached, pass_days
):
    await without_hold_out()
    lead_id = await defeat("price", grade="h")
    attempts = []

    for cut_to, days in ((19_000_000, 29), (18_900_000, 2), (18_800_000, 31), (18_700_000, 31), (18_600_000, 0)):
        approached = await reached(await signal(**{**PRICE_CUT, "price_to_cents": cut_to}))
        attempts.append(approached[lead_id]["attempt"] if approached else None)
        await pass_days(days, lead_id)

    assert attempts == [1, None, 2, 3, None]


async def test_earlier_attempts_cost_priority(set_policy, defeat, signal, reached):
    await set_policy(reactivation={"hold_out_percent": 0, "cool_off_days": 0})
    lead_id = await defeat("price", grade="h")
    first = (await reached(await signal(**PRICE_CUT)))[lead_id]
    second = (await reached(await signal(**{**PRICE_CUT, "price_to_cents": 18_000_000})))[lead_id]

    assert second["priority"] == first["priority"] - 10
    assert second["factors"]["earlier_attempts"] == -10


async def test_who_came_back_is_worked_and_not_approached(without_hold_out, defeat, capture, signal, reached):
    await without_hold_out()
    await defeat("price", contact={"phone": "13800138000"})
    await capture(contact={"phone": "13800138000"})

    assert await reached(await signal(**PRICE_CUT)) == {}


async def test_what_became_of_an_approach_is_seen_by_the_lead_that_followed(
    client, without_hold_out, defeat, capture, signal, reached
):
    await without_hold_out()
    lost = await defeat("price", contact={"phone": "13800138000"})
    signal_id = await signal(**PRICE_CUT)

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


async def test_many_leads_are_approached_batch_by_batch(without_hold_out, session, defeat, signal, reached, published):
    await without_hold_out()
    pattern = await defeat("price")
    await session.execute(
        text(
            "INSERT INTO defeat SELECT (jsonb_populate_record(d, jsonb_build_object('lead_id', gen_random_uuid()))).*"
            " FROM defeat d, generate_series(1, 4500) WHERE d.lead_id = :pattern"
        ),
        {"pattern": pattern},
    )
    await session.commit()

    await signal(**PRICE_CUT)

    reactivated = [event.lead_id for event in await published() if isinstance(event, LeadReactivated)]
    assert len(reactivated) == len(set(reactivated)) == 4501


async def test_two_workers_at_once_approach_each_lead_once(client, without_hold_out, defeat, run_job, published):
    await without_hold_out()
    for _ in range(5):
        await defeat("price")
    await client.post("/v1/market-signals", json=PRICE_CUT)
    await client.post("/v1/market-signals", json={**PRICE_CUT, "price_to_cents": 18_000_000})

    await asyncio.gather(*(run_job("match-signals") for _ in range(4)))

    assert len([event for event in await published() if isinstance(event, LeadReactivated)]) == 5


async def test_the_approach_continues_the_story_of_its_signal(
    client, without_hold_out, defeat, run_job, published, session
):
    await without_hold_out()
    await defeat("price")
    signal_id = (await client.post("/v1/market-signals", json=PRICE_CUT)).json()["signal_id"]

    await run_job("match-signals")

    kept = await session.execute(
        text("SELECT correlation_id, traceparent FROM market_signal WHERE id = :id"), {"id": signal_id}
    )
    fact = (await published())[-1]
    assert (fact.correlation_id, fact.traceparent) == tuple(kept.one())


async def test_a_signal_of_another_dealer_reaches_nobody_here(client_as, defeat, run_job, client):
    await defeat("price")
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)
    preview = await stranger.post("/v1/market-signals?dry_run=true", json=PRICE_CUT)

    await stranger.post("/v1/market-signals", json=PRICE_CUT)
    await run_job("match-signals")

    assert preview.json()["matched"] == 0
    assert (await client.get("/v1/reactivations")).json()["items"] == []


async def test_reactivations_are_listed_by_lead_state_and_store(
    client, client_as, set_policy, defeat, signal, store_id, other_store_id
):
    await set_policy(reactivation={"hold_out_percent": 0})
    here, there = await defeat("price"), await defeat("price", store_id=str(other_store_id))
    await signal(**PRICE_CUT)

    async def leads(reader=client, **query):
        items = (await reader.get("/v1/reactivations", params=query)).json()["items"]
        return {UUID(item["lead_id"]) for item in items}

    assert await leads(lead_id=str(there)) == {there}
    assert await leads(state="activated") == {here, there}
    assert await leads(state="held_out") == set()
    assert await leads(client_as(Role.ADVISOR, stores=[store_id])) == {here}


async def test_a_signal_whose_time_has_passed_is_refused(client):
    yesterday = (utc_now() - timedelta(days=2)).date().isoformat()

    response = await client.post("/v1/market-signals", json={**PRICE_CUT, "valid_until": yesterday})

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
async def test_a_signal_that_makes_no_sense_is_refused(client, change):
    assert (await client.post("/v1/market-signals", json={**PRICE_CUT, **change})).status_code == 422
