import asyncio
from datetime import timedelta

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import DEALER, OTHER_DEALER
from baoke_events import LeadCaptured, LeadReactivationEnded, LeadWon, LeadWonCancelled
from lead_service.commands.settle_opportunities import settle_after
from sqlalchemy import text

PHONE = {"phone": "13800138000"}
SALE = {
    "vin": "LC0CE4CB7N0123455",
    "make": "BYD",
    "model": "Seal",
    "price_cents": 18_980_000,
    "sold_at": "2026-01-08T06:30:00Z",
}


@pytest.fixture
def ended(published):
    """What was told of approaches that have ended: lead, outcome, and the lead the person came back with."""

    async def read():
        events = [event for event in await published() if isinstance(event, LeadReactivationEnded)]
        return [(event.lead_id, event.outcome, event.successor_lead_id, event.held_out) for event in events]

    return read


@pytest.fixture
def hear(published, deliver):
    """lead-service hears of its own facts of these kinds."""

    async def hear_(*kinds):
        await deliver(*(event for event in await published() if isinstance(event, kinds)))

    return hear_


@pytest.fixture
def win(client):
    async def win_(lead_id):
        response = await client.post(f"/v1/leads/{lead_id}/win", json=SALE)
        assert response.is_success, response.text

    return win_


async def test_the_first_lead_of_the_phone_is_the_re_engagement_and_its_sale_the_win(
    without_hold_out, defeat, capture, signal, hear, win, ended, price_cut
):
    lost = await defeat("price", contact=PHONE)
    await defeat("price")
    await signal(**price_cut)
    back = await capture(contact=PHONE)

    await hear(LeadCaptured)
    await hear(LeadCaptured)
    await win(back)
    await hear(LeadWon)

    assert await ended() == [(lost, "re_engaged", back, False), (lost, "won", back, False)]


async def test_a_sale_that_is_heard_of_first_is_told_once(
    without_hold_out, defeat, capture, signal, hear, win, ended, price_cut
):
    lost = await defeat("price", contact=PHONE)
    await signal(**price_cut)
    back = await capture(contact=PHONE)
    await win(back)

    await hear(LeadWon)
    await hear(LeadCaptured)

    assert await ended() == [(lost, "won", back, False)]


async def test_a_sale_that_is_undone_leaves_a_re_engagement(
    client, without_hold_out, defeat, capture, signal, hear, win, ended, price_cut
):
    lost = await defeat("price", contact=PHONE)
    await signal(**price_cut)
    back = await capture(contact=PHONE)
    await win(back)
    await hear(LeadWon)

    undone = await client.post(f"/v1/leads/{back}/win/cancel", json={"reason": "wrong_entry"})
    assert undone.is_success, undone.text
    await hear(LeadWonCancelled)

    assert [outcome for _, outcome, _, _ in await ended()] == ["won", "re_engaged"]
    assert (await ended())[-1] == (lost, "re_engaged", back, False)


async def test_the_last_approach_is_what_counts(set_policy, defeat, capture, signal, reached, hear, ended, price_cut):
    await set_policy(reactivation={"hold_out_percent": 0, "cool_off_days": 0})
    lost = await defeat("price", contact=PHONE)
    first, last = await signal(**price_cut), await signal(**{**price_cut, "price_to_cents": 18_000_000})
    back = await capture(contact=PHONE)
    await hear(LeadCaptured)

    assert await ended() == [(lost, "re_engaged", back, False)]
    assert [(await reached(each))[lost]["outcome"] for each in (first, last)] == [None, "re_engaged"]


async def test_the_held_out_are_followed_like_the_others(set_policy, defeat, capture, signal, hear, ended, price_cut):
    await set_policy(reactivation={"hold_out_percent": 100})
    lost = await defeat("price", contact=PHONE)
    await signal(**price_cut)
    back = await capture(contact=PHONE)

    await hear(LeadCaptured)

    assert await ended() == [(lost, "re_engaged", back, True)]


async def test_who_calls_back_is_re_engaged_and_may_buy(
    client, without_hold_out, defeat, signal, reached, hear, win, ended, price_cut
):
    lost = await defeat("price", contact=PHONE)
    signal_id = await signal(**price_cut)

    assert (await client.post(f"/v1/leads/{lost}/reopen", json={})).is_success
    await win(lost)
    await hear(LeadWon)

    assert await ended() == [(lost, "re_engaged", lost, False), (lost, "won", lost, False)]
    assert (await reached(signal_id))[lost]["outcome"] == "won"


async def test_an_opportunity_expires_unless_somebody_came_back_in_time(
    without_hold_out, defeat, capture, signal, run_job, ended, price_cut
):
    gone, came = await defeat("price"), await defeat("price", contact=PHONE)
    await signal(**price_cut)
    back = await capture(contact=PHONE)

    runs = [await run_job("end-opportunities", now=utc_now() + timedelta(days=days)) for days in (89, 91, 91)]

    assert runs == [0, 2, 0]
    assert set(await ended()) == {(gone, "expired", None, False), (came, "re_engaged", back, False)}


async def test_who_comes_back_too_late_does_not_count(
    without_hold_out, session, defeat, capture, signal, hear, ended, price_cut
):
    await defeat("price", contact=PHONE)
    await signal(**price_cut)
    await session.execute(
        text(
            "UPDATE reactivation SET reactivated_at = now() - interval '91 days', expires_at = now() - interval '1 day'"
        )
    )
    await session.commit()
    await capture(contact=PHONE)

    await hear(LeadCaptured)

    assert [outcome for _, outcome, _, _ in await ended()] == ["expired"]


async def test_a_person_says_no_once_and_may_come_back_nevertheless(
    client, without_hold_out, defeat, capture, signal, reached, hear, ended, session, price_cut
):
    lost = await defeat("price", contact=PHONE)
    approach = (await reached(await signal(**price_cut)))[lost]

    answers = [await client.post(f"/v1/reactivations/{approach['reactivation_id']}/decline") for _ in range(2)]
    greeted_at = await session.scalar(text("SELECT next_care_at FROM defeat"))
    back = await capture(contact=PHONE)
    await hear(LeadCaptured)

    assert [answer.json() for answer in answers] == [
        {
            "reactivation_id": approach["reactivation_id"],
            "lead_id": str(lost),
            "outcome": "declined",
            "ended_at": answers[0].json()["ended_at"],
        }
    ] * 2
    assert greeted_at is None
    assert await ended() == [(lost, "declined", None, False), (lost, "re_engaged", back, False)]


async def test_no_signal_speaks_to_who_said_no_for_as_long_as_the_policy_says(
    client, set_policy, defeat, signal, reached, session, price_cut
):
    await set_policy(reactivation={"hold_out_percent": 0, "cool_off_days": 0, "left_alone_days": 60})
    lost = await defeat("price")
    approach = (await reached(await signal(**price_cut)))[lost]
    await client.post(f"/v1/reactivations/{approach['reactivation_id']}/decline")

    soon = await reached(await signal(**{**price_cut, "price_to_cents": 18_900_000}))
    await session.execute(text("UPDATE defeat SET declined_until = declined_until - interval '60 days'"))
    await session.commit()
    later = await reached(await signal(**{**price_cut, "price_to_cents": 18_800_000}))

    assert (list(soon), list(later)) == ([], [lost])


async def test_who_is_lost_again_and_buys_after_that_is_won(
    client, without_hold_out, defeat, capture, signal, reached, hear, win, ended, price_cut
):
    lost = await defeat("price", contact=PHONE)
    signal_id = await signal(**price_cut)
    await defeat("finance", contact=PHONE)
    back = await capture(contact=PHONE)
    await win(back)

    await hear(LeadWon)

    assert await ended() == [(lost, "won", back, False)]
    assert (await reached(signal_id))[lost]["outcome"] == "won"


async def test_a_win_counts_for_the_last_approach_to_the_person_whatever_lead_it_was_for(
    set_policy, defeat, capture, signal, hear, win, ended, price_cut
):
    await set_policy(reactivation={"hold_out_percent": 0, "cool_off_days": 0})
    first = await defeat("price", contact=PHONE)
    await signal(**price_cut)
    second = await defeat("finance", contact=PHONE)
    await signal(kind="offer", make="BYD", model="Seal", valid_until="2099-01-31")
    back = await capture(contact=PHONE)
    await win(back)

    await hear(LeadCaptured, LeadWon)

    assert await ended() == [(first, "re_engaged", second, False), (second, "won", back, False)]


async def test_who_waited_for_another_to_settle_sees_what_was_true_by_then(
    database, without_hold_out, defeat, capture, signal, reached, win, ended, price_cut
):
    """Hears of the return while the sale is being heard of."""
    lost = await defeat("price", contact=PHONE)
    signal_id = await signal(**price_cut)
    back = await capture(contact=PHONE)
    now = utc_now()
    async with database.begin() as first, database.begin() as second:
        await first.execute(text("SELECT FROM reactivation FOR UPDATE"))
        waiting = asyncio.create_task(settle_after(second, [(DEALER, back)], now=now))
        while not await first.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            await asyncio.sleep(0.01)
        await win(back)
        await settle_after(first, [(DEALER, back)], now=now)
        await first.commit()
        await waiting

    assert await ended() == [(lost, "won", back, False)]
    assert (await reached(signal_id))[lost]["outcome"] == "won"


async def test_nobody_declines_what_was_not_said_is_over_or_is_not_there(
    client, client_as, set_policy, defeat, capture, signal, reached, hear, store_id, other_store_id, price_cut
):
    await set_policy(reactivation={"hold_out_percent": 100})
    held_out = await defeat("price", interest={"model": "Han"})
    held = (await reached(await signal(**{**price_cut, "model": "Han"})))[held_out]
    await set_policy(reactivation={"hold_out_percent": 0})
    lost = await defeat("price", contact=PHONE)
    approach = (await reached(await signal(**price_cut)))[lost]
    await capture(contact=PHONE)
    await hear(LeadCaptured)

    async def decline(reader, item):
        response = await reader.post(f"/v1/reactivations/{item['reactivation_id']}/decline")
        return response.status_code, response.json()["type"]

    assert await decline(client, held) == (409, "/problems/not-approached")
    assert await decline(client, approach) == (409, "/problems/reactivation-ended")
    not_there = (404, "/problems/reactivation-not-found")
    assert await decline(client_as(Role.MANAGER, dealer_id=OTHER_DEALER), approach) == not_there
    assert await decline(client_as(Role.MANAGER, stores=[other_store_id]), approach) == not_there


async def test_figures_put_the_approached_beside_the_held_out(
    client, client_as, set_policy, defeat, capture, signal, hear, win, store_id, other_store_id, price_cut
):
    await set_policy(reactivation={"hold_out_percent": 0})
    await defeat("price", contact=PHONE)
    await defeat("price", store_id=str(other_store_id))
    first = await signal(**price_cut)
    await win(await capture(contact=PHONE))
    await hear(LeadWon)
    await set_policy(reactivation={"hold_out_percent": 100})
    await defeat("delivery_time")
    await signal(kind="stock_arrival", make="BYD", model="Seal")

    async def figures(reader=client, **query):
        response = await reader.get("/v1/reactivations/figures", params=query)
        assert response.status_code == 200, response.text
        answer = response.json()
        return answer["activated"]["leads"], answer["held_out"]["leads"], answer["verdict"]

    today = utc_now().date()
    whole = (await client.get("/v1/reactivations/figures")).json()
    assert whole["activated"]["outcomes"] == {
        "open": 1,
        "re_engaged": 0,
        "won": 1,
        "declined": 0,
        "expired": 0,
        "withdrawn": 0,
    }
    assert whole["activated"]["won"]["rate"] == whole["activated"]["came_back"]["rate"] == 0.5
    assert whole["activated"]["won"]["interval"]["low"] == pytest.approx(0.0945, abs=1e-4)
    assert (whole["activated"]["over"], whole["difference"], whole["interval"]) == (0, None, None)
    assert whole["verdict"] == "too_few"
    assert await figures(strategy="price_drop") == (2, 0, "too_few")
    assert await figures(reason="delivery_time") == (0, 1, "too_few")
    assert await figures(signal_id=first) == (2, 0, "too_few")
    assert await figures(store_id=str(store_id)) == (1, 1, "too_few")
    assert await figures(client_as(Role.AUDITOR, stores=[other_store_id])) == (1, 0, "too_few")
    assert await figures(client_as(Role.AUDITOR, dealer_id=OTHER_DEALER)) == (0, 0, "too_few")
    near = {"from": str(today - timedelta(days=1)), "to": str(today + timedelta(days=1))}
    assert await figures(**near) == (2, 1, "too_few")
    assert await figures(to=str(today - timedelta(days=2))) == (0, 0, "too_few")


async def test_what_an_approach_is_worth_is_judged_once_its_time_is_over(
    client, set_policy, session, defeat, capture, signal, hear, win, price_cut
):
    await set_policy(reactivation={"hold_out_percent": 50})
    lost = [await defeat("price", contact={"phone": f"1380013{number:04}"}) for number in range(12)]
    await signal(**price_cut)
    drawn = "CASE WHEN lead_id = ANY(:half) THEN 'activated' ELSE 'held_out' END"
    await session.execute(text(f"UPDATE reactivation SET state = {drawn}"), {"half": lost[:6]})
    await session.commit()
    await win(await capture(contact={"phone": "13800130000"}))
    await hear(LeadWon)
    open_ = (await client.get("/v1/reactivations/figures")).json()
    ago = "interval '100 days'"
    await session.execute(
        text(f"UPDATE reactivation SET reactivated_at = reactivated_at - {ago}, expires_at = expires_at - {ago}")
    )
    await session.commit()

    over = (await client.get("/v1/reactivations/figures")).json()

    assert (open_["difference"], over["difference"]) == (None, pytest.approx(1 / 6))
    assert (over["activated"]["over"], over["held_out"]["over"]) == (6, 6)
    assert over["interval"]["low"] < 0 < over["interval"]["high"]
    assert over["verdict"] == "too_few"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"from": "soon"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"from": "0001-01-01"}, "from"),
        ({"strategy": "hope"}, "strategy"),
        ({"reason": "x"}, "reason"),
        ({"store_id": "here"}, "store_id"),
        ({"signal_id": "1"}, "signal_id"),
        ({"since": "2026-01-01"}, "since"),
    ],
)
async def test_figures_of_what_makes_no_sense_are_refused(client, query, pointer):
    response = await client.get("/v1/reactivations/figures", params=query)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
