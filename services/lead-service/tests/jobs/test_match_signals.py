from datetime import timedelta

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import DEALER, OTHER_DEALER
from baoke_events import LeadReactivationEnded
from lead_service.commands import match_signals
from lead_service.commands.match_signals import RETRY_AFTER, MatchingFailed
from lead_service.jobs.match_signals import job
from sqlalchemy import text

LAUNCH = {"kind": "launch", "make": "BYD", "model": "Seal"}


@pytest.fixture
def one_a_batch(monkeypatch):
    """Each batch approaches one lead."""
    monkeypatch.setattr(match_signals, "BATCH", 1)


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [{"signals": ["price_cut"], "strategy": "care", "fit": 1}],
        [{"signals": ["launch"], "strategy": "care", "fit": 1, "reasons": ["unreachable"]}],
    ],
)
async def test_rules_that_change_during_a_matching_count_from_then_on(
    client, database, without_hold_out, set_policy, defeat, run_job, reached, one_a_batch, rules
):
    first, _, by_new_rules = await defeat("unknown"), await defeat("unknown"), await defeat("unreachable")
    signal_id = (await client.post("/v1/market-signals", json=LAUNCH)).json()["signal_id"]
    while not await reached(signal_id):
        await job.run(database, now=utc_now())

    await set_policy(reactivation={"hold_out_percent": 0, "rules": rules})
    await run_job("match-signals")

    still = [by_new_rules] if rules and "reasons" in rules[0] else []
    assert set(await reached(signal_id)) == {first, *still}
    assert (await client.get(f"/v1/market-signals/{signal_id}")).json()["state"] == "matched"


async def test_who_came_back_while_others_were_matched_is_settled_when_all_are(
    client, database, without_hold_out, defeat, capture, run_job, reached, published, one_a_batch
):
    """Nobody hears of the return here, as of one that was told before its batch had committed."""
    lost = await defeat("unknown", contact={"phone": "13800138000"})
    await defeat("unknown")
    signal_id = (await client.post("/v1/market-signals", json=LAUNCH)).json()["signal_id"]
    while not await reached(signal_id):
        await job.run(database, now=utc_now())
    back = await capture(contact={"phone": "13800138000"})

    await run_job("match-signals")

    [ended] = [event for event in await published() if isinstance(event, LeadReactivationEnded)]
    assert (ended.lead_id, ended.outcome, ended.successor_lead_id) == (lost, "re_engaged", back)


async def test_a_signal_that_cannot_be_matched_holds_up_nobody_elses(
    client, client_as, session, run_job, defeat, reached
):
    """As of a dealer whose rules today's terms refuse."""
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)
    await stranger.post("/v1/market-signals", json=LAUNCH)
    await session.execute(
        text("INSERT INTO policy (dealer_id, version, document, created_by) VALUES (:dealer_id, 1, '[]', 'ada')"),
        {"dealer_id": OTHER_DEALER},
    )
    await session.commit()
    await defeat("unknown")
    signal_id = (await client.post("/v1/market-signals", json=LAUNCH)).json()["signal_id"]
    now = utc_now()

    with pytest.raises(MatchingFailed):
        await run_job("match-signals", now=now)
    await run_job("match-signals", now=now)

    assert len(await reached(signal_id)) == 1
    with pytest.raises(MatchingFailed):
        await run_job("match-signals", now=now + RETRY_AFTER + timedelta(seconds=1))
    await session.execute(text("DELETE FROM policy WHERE dealer_id <> :dealer_id"), {"dealer_id": DEALER})
    await session.commit()
    assert await run_job("match-signals", now=now + 3 * RETRY_AFTER) > 0
