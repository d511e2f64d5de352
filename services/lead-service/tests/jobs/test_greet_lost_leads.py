import asyncio
from datetime import timedelta

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadReactivated
from lead_service.commands.greet_lost_leads import RETRY_AFTER, GreetingFailed
from sqlalchemy import text

JOB = "greet-lost-leads"


@pytest.fixture
def greeted(published):
    """The leads that were greeted so far, in order."""

    async def read():
        return [event.lead_id for event in await published() if isinstance(event, LeadReactivated)]

    return read


def days_ahead(days):
    return utc_now() + timedelta(days=days)


async def test_unknown_reasons_are_cared_for_after_a_month_and_others_after_three(
    without_hold_out, client, defeat, run_job, greeted, published
):
    known, unknown = await defeat("no_need"), await defeat("unknown", grade="a")

    runs = [await run_job(JOB, now=days_ahead(days)) for days in (29, 31, 31, 89, 92, 92)]

    assert runs == [0, 1, 0, 0, 2, 0]
    assert (await greeted())[0] == unknown
    assert sorted((await greeted())[1:]) == sorted([known, unknown])
    [first] = [event for event in await published() if isinstance(event, LeadReactivated)][:1]
    assert (first.signal_kind, first.strategy, first.reason, first.attempt) == ("care", "care", "unknown", 1)
    assert (first.make, first.model, first.offered_make) == ("BYD", "Seal", None)


async def test_a_days_greetings_are_one_signal_that_says_how_many(set_policy, client, defeat, run_job, reached):
    await set_policy(reactivation={"hold_out_percent": 50})
    lost = [await defeat("unknown") for _ in range(30)]

    await run_job(JOB, now=days_ahead(31))

    [signal] = (await client.get("/v1/market-signals", params={"kind": "care"})).json()["items"]
    assert signal["activated"] + signal["held_out"] == 30
    approached = await reached(signal["signal_id"])
    assert set(approached) == set(lost)
    states = [item["state"] for item in approached.values()]
    assert (states.count("activated"), states.count("held_out")) == (signal["activated"], signal["held_out"])
    assert signal["held_out"] > 0


async def test_a_lead_is_greeted_as_often_as_the_policy_says_and_not_again(without_hold_out, defeat, run_job, greeted):
    lead_id = await defeat("no_need")

    for days in range(80, 500, 10):
        await run_job(JOB, now=days_ahead(days))

    assert await greeted() == [lead_id, lead_id]


async def test_a_greeting_and_a_signal_leave_each_other_their_cool_off(
    without_hold_out, client, defeat, signal, reached, run_job, greeted, session
):
    lead_id = await defeat("price")
    price_cut = {"kind": "price_cut", "make": "BYD", "model": "Seal", "price_from_cents": 2, "price_to_cents": 1}
    await session.execute(
        text("UPDATE defeat SET defeated_at = defeated_at - interval '100 days', next_care_at = now()")
    )
    await session.commit()
    approached = await reached(await signal(**price_cut))

    at_once, later = await run_job(JOB, now=days_ahead(1)), await run_job(JOB, now=days_ahead(31))

    assert list(approached) == [lead_id]
    assert (at_once, later) == (1, 1)
    assert await greeted() == [lead_id, lead_id]


async def test_who_came_back_is_not_greeted(without_hold_out, defeat, capture, run_job, greeted):
    await defeat("unknown", contact={"phone": "13800138000"})
    await capture(contact={"phone": "13800138000"})

    assert await run_job(JOB, now=days_ahead(31)) == 1
    assert await run_job(JOB, now=days_ahead(400)) == 0
    assert await greeted() == []


async def test_a_dealer_that_cannot_be_greeted_for_holds_up_nobody_else(
    client_as, without_hold_out, capture, defeat, run_job, greeted, session
):
    """As one whose rules today's terms refuse."""
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)
    theirs = await capture(stranger)
    assert (await stranger.post(f"/v1/leads/{theirs}/defeat", json={"reason": "unknown"})).is_success
    ours = await defeat("unknown")
    await session.execute(
        text("INSERT INTO policy (dealer_id, version, document, created_by) VALUES (:dealer_id, 1, '[]', 'ada')"),
        {"dealer_id": OTHER_DEALER},
    )
    await session.commit()

    with pytest.raises(GreetingFailed):
        await run_job(JOB, now=days_ahead(31))
    assert await run_job(JOB, now=days_ahead(31)) == 1

    assert await greeted() == [ours]
    with pytest.raises(GreetingFailed):
        await run_job(JOB, now=days_ahead(31) + RETRY_AFTER)


async def test_leads_of_many_dealers_are_greeted_in_one_go(client_as, capture, defeat, run_job, greeted):
    stranger = client_as(Role.ADMIN, dealer_id=OTHER_DEALER)
    for client in (stranger, client_as(Role.ADMIN)):
        await client.put("/v1/policy", json={"reactivation": {"hold_out_percent": 0}})
    theirs = await capture(stranger)
    assert (await stranger.post(f"/v1/leads/{theirs}/defeat", json={"reason": "unknown"})).is_success
    ours = await defeat("unknown")

    assert await run_job(JOB, now=days_ahead(31)) == 2

    assert set(await greeted()) == {ours, theirs}
    for client, lead_id in ((stranger, theirs), (client_as(Role.ADMIN), ours)):
        [approach] = (await client.get("/v1/reactivations")).json()["items"]
        assert approach["lead_id"] == str(lead_id)


async def test_two_workers_at_once_greet_each_lead_once(without_hold_out, defeat, run_job, greeted):
    lost = {await defeat("unknown") for _ in range(6)}

    await asyncio.gather(*(run_job(JOB, now=days_ahead(31)) for _ in range(3)))

    assert len(await greeted()) == len(set(await greeted())) == 6
    assert set(await greeted()) == lost
