"""Rules that are tried tell whom they would touch."""

from datetime import timedelta

from baoke_chassis.clock import utc_now
from sqlalchemy import text


async def test_another_clock_names_the_open_leads_of_its_grades(client, capture, defeat):
    waiting = await capture(grade="b")
    await capture(grade="a")
    await defeat("price", grade="b")

    preview = await client.post("/v1/policy/preview", json={"contact_within_days": {"h": 1, "a": 1, "b": 2, "c": 7}})

    assert preview.json()["changes"] == [{"pointer": "/contact_within_days/b", "before": 3, "after": 2}]
    assert preview.json()["effects"] == [
        {"name": "open_leads_of_another_clock_from_their_next_contact", "count": 1, "examples": [str(waiting)]}
    ]


async def test_other_rules_of_reactivation_count_whom_the_latest_signals_would_speak_to(client, defeat, price_cut):
    await defeat("price")
    await defeat("finance")
    rules = {"reactivation": {"rules": [{"signals": ["price_cut"], "strategy": "price_drop", "fit": 40}]}}
    assert (await client.post("/v1/market-signals", json=price_cut)).status_code == 202

    preview = await client.post("/v1/policy/preview", json=rules)

    assert [(e["name"], e["count"]) for e in preview.json()["effects"]] == [
        ("lost_leads_spoken_to_before", 1),
        ("lost_leads_spoken_to_after", 2),
    ]
    assert (await client.get("/v1/policy")).headers["etag"] == '"0"'


async def test_greetings_and_what_holds_no_longer_are_no_latest_signals(
    client, session, without_hold_out, defeat, signal, run_job, price_cut
):
    await defeat("price")
    await defeat("unknown")
    await signal(**price_cut)
    for later in ({"kind": "launch"}, {"kind": "stock_arrival"}, {"kind": "offer", "valid_until": "2099-01-31"}):
        signal_id = await signal(**later, make="BYD", model="Seal")
        await client.post(f"/v1/market-signals/{signal_id}/withdraw")
    await run_job("greet-lost-leads", now=utc_now() + timedelta(days=31))
    await session.execute(text("UPDATE defeat SET last_attempt_at = NULL"))
    await session.commit()

    preview = await client.post("/v1/policy/preview", json={"reactivation": {"rules": []}})

    assert [(e["name"], e["count"]) for e in preview.json()["effects"]] == [
        ("lost_leads_spoken_to_before", 1),
        ("lost_leads_spoken_to_after", 0),
    ]
