import pytest
from baoke_events import LeadCaptured
from lead_service.mappings import ready_mappings

TMALL = ready_mappings()["tmall"].sample
FORM = "application/x-www-form-urlencoded"


async def test_a_tmall_payload_becomes_a_lead_of_the_store_its_code_names(
    client, add_source, send, set_policy, other_store_id, published
):
    await set_policy(stores={"SH-01": str(other_store_id)})
    source = await add_source()

    response = await send(source, TMALL)

    assert response.status_code == 200, response.text
    [result] = response.json()["results"]
    assert (result["outcome"], result["dropped"], response.json()["is_repeat"]) == ("created", [], False)
    lead = (await client.get(f"/v1/leads/{result['lead_id']}")).json()
    assert (lead["store_id"], lead["contact"]["name"], lead["contact"]["phone"]) == (
        str(other_store_id),
        "吴敏",
        "+8613900002108",
    )
    assert lead["interest"] == {"make": "大众", "model": "帕萨特", "trim": "2026款 380TSI 豪华版", "budget_cents": None}
    assert (lead["source"]["source_id"], lead["source"]["campaign"]) == ("TM-20260105-18", "超级品牌日")
    assert lead["touch_history"][0]["requested_at"] == "2026-01-05T02:30:00Z"
    [captured] = [event for event in await published() if isinstance(event, LeadCaptured)]
    assert captured.channel == "other"


@pytest.mark.parametrize("name", ready_mappings())
async def test_every_ready_mapping_reads_its_own_sample(client, add_source, set_policy, store_id, name):
    await set_policy(stores={"SH-01": str(store_id)})
    source = await add_source(name=name, ready_mapping=name)

    answer = await client.post(
        f"/v1/intake-sources/{source['intake_source_id']}/preview", json={"payload": ready_mappings()[name].sample}
    )

    assert answer.status_code == 200, answer.text
    for lead in answer.json()["leads"]:
        assert "problem" not in lead or lead["problem"] is None
        assert lead["contact"]["phone"].startswith("+86")
        assert all((lead["contact"]["name"], lead["interest"]["make"], lead["interest"]["model"]))
        assert lead["source"]["source_id"]
        assert lead["requested_at"].startswith("2026-01-05T02:")
        assert lead["dropped"] == []


async def test_a_preview_writes_nothing_and_says_what_was_not_understood(client, add_source, published):
    source = await add_source()
    payload = {
        **TMALL,
        "mobile": "12",
        "email_address": "wu@example.com",
        "attr": {"vip": 1},
        "gmt_create": "yesterday",
    }

    answer = await client.post(f"/v1/intake-sources/{source['intake_source_id']}/preview", json={"payload": payload})

    [lead] = answer.json()["leads"]
    assert lead["problem"]["type"] == "/problems/unreachable"
    assert lead["problem"]["errors"] == [{"pointer": "/mobile", "message": "not a phone number that anybody can have"}]
    assert sorted(lead["unused"]) == ["/attr/vip", "/email_address"]
    assert await published() == []
    assert (await client.get("/v1/leads")).json()["items"] == []


async def test_a_form_is_read_like_json(client, add_source, send):
    source = await add_source(ready_mapping="website")

    response = await send(source, ready_mappings()["website"].sample, content_type=FORM)

    [result] = response.json()["results"]
    lead = (await client.get(f"/v1/leads/{result['lead_id']}")).json()
    assert (lead["contact"]["name"], lead["interest"]["budget_cents"], lead["note"]) == ("李娜", 20_000_000, "想要白色")


async def test_fields_in_brackets_are_inside_one_another(client, add_source, send, set_policy, other_store_id):
    await set_policy(stores={"SH-01": str(other_store_id)})
    source = await add_source()

    response = await send(source, "name=x&mobile=13900001111&attr[store_code]=SH-01", content_type=FORM)

    [result] = response.json()["results"]
    assert (await client.get(f"/v1/leads/{result['lead_id']}")).json()["store_id"] == str(other_store_id)


async def test_of_a_list_the_good_leads_are_taken_and_the_others_named(client, add_source, send):
    source = await add_source(ready_mapping="autohome")
    payload = {
        "result": {
            "list": [
                {"orderId": "1", "mobile": "13900001111"},
                {"orderId": "2", "mobile": "call me"},
                {"orderId": "3", "mobile": "13900001111"},
                {"orderId": "1", "mobile": "13900001111"},
            ]
        }
    }

    answer = (await send(source, payload)).json()

    assert [result["outcome"] for result in answer["results"]] == ["created", "rejected", "touched", "repeated"]
    assert answer["results"][1]["problem"]["errors"][0] == {"pointer": "/mobile", "message": "not a phone number"}
    assert answer["rejection_id"] is not None


async def test_ids_of_two_website_forms_are_not_the_same_lead_and_a_platforms_are(client, add_source, send):
    forms = [await add_source(ready_mapping="website", name=name) for name in ("a", "b")]
    ours = [await add_source(ready_mapping="douyin", name=name) for name in ("c", "d")]

    first = [(await send(form, {"form_id": "1", "mobile": f"1390000111{n}"})).json() for n, form in enumerate(forms)]
    second = [
        (await send(one, {"data": {"clue_id": "1", "phone": f"1390000222{n}"}})).json() for n, one in enumerate(ours)
    ]

    assert [answer["results"][0]["outcome"] for answer in first] == ["created", "created"]
    assert [answer["results"][0]["outcome"] for answer in second] == ["created", "repeated"]
