"""How much more somebody can be told today."""

from datetime import datetime, timedelta

from baoke_chassis.clock import utc_now
from baoke_events.ids import uuid7


async def test_twenty_at_once_leave_three_used_and_seventeen_capped(client, introduce, send, run_job, no_quiet_hours):
    party_id = await introduce()
    for _ in range(20):
        await send(party_id)
    await run_job("send_due_messages")

    budget = (await client.get(f"/v1/parties/{party_id}/contact-budget")).json()

    resets_at = datetime.fromisoformat(budget.pop("resets_at"))
    assert utc_now() < resets_at <= utc_now() + timedelta(days=1)
    assert (resets_at.hour, resets_at.minute) == (16, 0)
    assert budget == {
        "party_id": str(party_id),
        "person_id": str(party_id),
        "on_date": (utc_now() + timedelta(hours=8)).date().isoformat(),
        "time_zone": "Asia/Shanghai",
        "cap": 3,
        "used": 3,
        "reserved": 0,
        "left": 0,
        "suppressed_today": [{"reason": "capped", "count": 17}],
        "waiting": [],
    }


async def test_a_dealer_may_set_another_cap(client, introduce, send, run_job, messages_of):
    await client.put("/v1/policy", json={"quiet_hours": None, "cap_per_day": 1})
    party_id = await introduce()
    for _ in range(2):
        await send(party_id)

    await run_job("send_due_messages")

    assert sorted(m["state"] for m in await messages_of(party_id)) == ["sent", "suppressed"]
    assert (await client.get(f"/v1/parties/{party_id}/contact-budget")).json()["cap"] == 1


async def test_what_waits_for_the_morning_is_shown_with_its_reason(client, introduce, send, run_job):
    here = utc_now() + timedelta(hours=8)
    quiet = {"start": f"{here - timedelta(hours=1):%H:00:00}", "end": f"{here + timedelta(hours=2):%H:00:00}"}
    await client.put("/v1/policy", json={"quiet_hours": quiet})
    party_id = await introduce()
    await send(party_id)
    await run_job("send_due_messages")

    budget = (await client.get(f"/v1/parties/{party_id}/contact-budget")).json()

    assert (budget["waiting"], budget["left"]) == ([{"reason": "quiet_hours", "count": 1}], 3)


async def test_somebody_nobody_told_us_of_is_not_found(client):
    answer = await client.get(f"/v1/parties/{uuid7()}/contact-budget")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/party-not-found")
