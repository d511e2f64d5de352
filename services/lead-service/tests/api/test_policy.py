"""Rules that are tried tell whom they would touch."""


async def test_another_clock_names_the_open_leads_of_its_grades(client, capture, defeat):
    waiting = await capture(grade="b")
    await capture(grade="a")
    await defeat("price", grade="b")

    preview = await client.post("/v1/policy/preview", json={"contact_within_days": {"h": 1, "a": 1, "b": 2, "c": 7}})

    assert preview.json()["changes"] == [{"pointer": "/contact_within_days/b", "before": 3, "after": 2}]
    assert preview.json()["effects"] == [
        {"name": "open_leads_of_another_clock", "count": 1, "examples": [str(waiting)]}
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
