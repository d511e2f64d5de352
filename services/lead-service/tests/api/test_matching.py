import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadReactivated


async def test_a_price_cut_wins_back_who_was_lost_on_price(
    without_hold_out, defeat, signal, reached, published, price_cut
):
    on_price = await defeat("price", grade="a")
    await defeat("configuration")
    told = len(await published())

    signal_id = await signal(**price_cut)

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
    ("said", "expected"),
    [
        ({"kind": "price_cut", "price_from_cents": 2, "price_to_cents": 1}, {"price": "price_drop"}),
        ({"kind": "offer", "valid_until": "2099-01-31"}, {"price": "limited_offer", "finance": "limited_offer"}),
        ({"kind": "stock_arrival"}, {"configuration": "in_stock", "delivery_time": "in_stock"}),
        ({"kind": "competitor_change", "competitor": "Tesla"}, {"competitor": "competitor_answer"}),
        ({"kind": "launch"}, {"competitor": "competitor_answer", "unknown": "care"}),
    ],
)
async def test_each_kind_of_signal_reaches_the_reasons_it_answers(
    without_hold_out, defeat, signal, reached, said, expected
):
    reasons = ("price", "configuration", "delivery_time", "competitor", "finance", "no_need", "unreachable", "unknown")
    names = {await defeat(reason): reason for reason in reasons}

    approached = await reached(await signal(**said, make="BYD", model="Seal"))

    assert {names[lead_id]: item["strategy"] for lead_id, item in approached.items()} == expected


async def test_a_lead_lost_long_ago_gets_a_greeting_whatever_the_reason_was(
    without_hold_out, defeat, signal, reached, pass_days
):
    long_ago, lately = await defeat("no_need"), await defeat("no_need")
    await pass_days(91, long_ago)
    await pass_days(89, lately)

    approached = await reached(await signal(kind="launch", make="BYD", model="Seal"))

    assert {lead_id: item["strategy"] for lead_id, item in approached.items()} == {long_ago: "care"}


async def test_only_the_same_competitor_is_answered_where_both_name_one(without_hold_out, defeat, signal, reached):
    tesla, nio = await defeat("competitor", "Tesla"), await defeat("competitor", "NIO")

    named = await reached(await signal(kind="competitor_change", make="BYD", model="Seal", competitor="ＴＥＳＬＡ"))
    unnamed = await reached(await signal(kind="launch", make="BYD", model="Seal"))

    assert (set(named), set(unnamed)) == ({tesla}, {nio})


async def test_models_match_in_any_spelling_and_trims_where_both_name_one(
    without_hold_out, defeat, signal, reached, price_cut
):
    same = await defeat("price", interest={"make": "ｂｙｄ", "model": "SEAL ", "trim": "long range"})
    any_trim = await defeat("price", interest={"model": "se al"})
    await defeat("price", interest={"model": "Dolphin"})

    approached = await reached(await signal(**price_cut, trim="Long  Range"))

    assert set(approached) == {same, any_trim}


async def test_another_trim_that_costs_less_now_is_offered_within_the_budget(
    without_hold_out, defeat, signal, reached, published, price_cut
):
    wanted = {"trim": "Performance"}
    within = await defeat("price", interest={**wanted, "budget_cents": 18_000_000})
    unknown = await defeat("price", interest={**wanted, "budget_cents": None})
    await defeat("price", interest={**wanted, "budget_cents": 17_000_000})
    await defeat("configuration", interest=wanted)

    approached = await reached(await signal(**price_cut, trim="Long Range"))

    assert {lead_id: item["strategy"] for lead_id, item in approached.items()} == {
        within: "better_value",
        unknown: "better_value",
    }
    assert (approached[within]["similarity"], approached[within]["factors"]["reason_fit"]) == (80, 32)
    fact = next(event for event in await published() if getattr(event, "reactivation_id", None))
    assert (fact.model, fact.trim, fact.similarity) == ("Seal", "Performance", 80)
    assert (fact.offered_make, fact.offered_model, fact.offered_trim) == ("BYD", "Seal", "Long Range")


async def test_a_similar_car_in_stock_is_offered_both_ways_and_less_urgently(set_policy, defeat, signal, reached):
    substitute = {
        "car": {"make": "BYD", "model": "Seal", "trim": None},
        "other": {"make": "BYD", "model": "Han", "trim": "Premium"},
        "similarity": 70,
    }
    await set_policy(reactivation={"hold_out_percent": 0, "cool_off_days": 0, "substitutes": [substitute]})
    seal = await defeat("delivery_time")
    han, _ = (
        await defeat("delivery_time", interest={"model": "Han", "trim": "premium"}),
        await defeat("delivery_time", interest={"model": "Han", "trim": "Basic"}),
    )

    of_seal = await reached(await signal(kind="stock_arrival", make="BYD", model="Seal"))
    of_han = await reached(await signal(kind="stock_arrival", make="BYD", model="Han", trim="Premium"))

    strategies = [{lead: item["strategy"] for lead, item in each.items()} for each in (of_seal, of_han)]
    assert strategies[0] == {seal: "in_stock", han: "substitute"}
    assert (strategies[1][seal], strategies[1][han]) == ("substitute", "in_stock")
    assert (of_seal[seal]["factors"]["reason_fit"], of_seal[han]["factors"]["reason_fit"]) == (40, 28)


async def test_too_little_alike_is_not_offered(set_policy, defeat, signal, reached):
    substitute = {"car": {"make": "BYD", "model": "Seal"}, "other": {"make": "BYD", "model": "Han"}, "similarity": 59}
    await set_policy(reactivation={"hold_out_percent": 0, "substitutes": [substitute]})
    await defeat("delivery_time", interest={"model": "Han"})

    assert await reached(await signal(kind="stock_arrival", make="BYD", model="Seal")) == {}


async def test_an_approached_lead_is_left_alone_for_the_cool_off_and_after_three_attempts(
    without_hold_out, defeat, signal, reached, pass_days, price_cut
):
    lead_id = await defeat("price", grade="h")
    attempts = []

    for cut_to, days in ((19_000_000, 29), (18_900_000, 2), (18_800_000, 31), (18_700_000, 31), (18_600_000, 0)):
        approached = await reached(await signal(**{**price_cut, "price_to_cents": cut_to}))
        attempts.append(approached[lead_id]["attempt"] if approached else None)
        await pass_days(days, lead_id)

    assert attempts == [1, None, 2, 3, None]


async def test_earlier_attempts_cost_priority(set_policy, defeat, signal, reached, price_cut):
    await set_policy(reactivation={"hold_out_percent": 0, "cool_off_days": 0})
    lead_id = await defeat("price", grade="h")
    first = (await reached(await signal(**price_cut)))[lead_id]
    second = (await reached(await signal(**{**price_cut, "price_to_cents": 18_000_000})))[lead_id]

    assert second["priority"] == first["priority"] - 10
    assert second["factors"]["earlier_attempts"] == -10


async def test_who_came_back_is_worked_and_not_approached(
    without_hold_out, defeat, capture, signal, reached, price_cut
):
    await defeat("price", contact={"phone": "13800138000"})
    await capture(contact={"phone": "13800138000"})

    assert await reached(await signal(**price_cut)) == {}


async def test_a_signal_of_another_dealer_reaches_nobody_here(client_as, defeat, run_job, client, price_cut):
    await defeat("price")
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)
    preview = await stranger.post("/v1/market-signals?dry_run=true", json=price_cut)

    await stranger.post("/v1/market-signals", json=price_cut)
    await run_job("match-signals")

    assert preview.json()["matched"] == 0
    assert (await client.get("/v1/reactivations")).json()["items"] == []
