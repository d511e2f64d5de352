from datetime import UTC, datetime

import pytest

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


AT = "2026-01-05T02:30:00Z"


@pytest.mark.parametrize(
    ("ready", "payload", "lead"),
    [
        ("tmall", {"mobile": "１３９００００２１０８"}, {"phone": "+8613900002108"}),
        ("tmall", {"mobile": "1.3900002108E+10"}, {"phone": "+8613900002108"}),
        ("tmall", {"mobile": 13900002108.0}, {"phone": "+8613900002108"}),
        ("tmall", {"mobile": "0086 139-0000-2108"}, {"phone": "+8613900002108"}),
        ("tmall", {"mobile": "13900002108", "name": "🚗李娜"}, {"name": "🚗李娜"}),
        ("tmall", {"mobile": "13900002108", "attr": '{"store_code": "SH-02"}'}, {"is_at_other_store": True}),
        ("website", {"mobile": "13900002108", "budget": "15-20万"}, {"budget_cents": 20_000_000}),
        ("website", {"mobile": "13900002108", "budget": "¥200,000"}, {"budget_cents": 20_000_000}),
        ("website", {"mobile": "13900002108", "budget": "20w以内"}, {"budget_cents": 20_000_000}),
        (
            "website",
            {"mobile": "13900002108", "submitted_at": "2026/1/5 10:30"},
            {"requested_at": AT},
        ),
        (
            "website",
            {"mobile": "13900002108", "submitted_at": "2026年1月5日 10:30"},
            {"requested_at": AT},
        ),
        ("website", {"mobile": "13900002108", "submitted_at": "20260105"}, {"requested_at": "2026-01-04T16:00:00Z"}),
        ("website", {"mobile": "13900002108", "submitted_at": 1767580200000}, {"requested_at": AT}),
        (
            "website",
            {"mobile": "13900002108", "submitted_at": "2026-01-05T02:30:00Z"},
            {"requested_at": AT},
        ),
        ("website", {"mobile": "13900002108", "message": "白色", "remark": "周末"}, {"note": "白色\n周末"}),
        ("website", {"mobile": "13900002108", "email": "mailto:li@b.cn"}, {"email": "li@b.cn"}),
        ("website", {"mobile": "13900002108", "email": "Li Na <li@b.cn>"}, {"email": "li@b.cn"}),
        ("douyin", {"data": {"phone": "13900002108", "weixin": "li_na"}}, {"wecom_id": None, "note": "微信：li_na"}),
        ("mini_program", {"user": {"phoneNumber": "13900002108", "unionid": "o6"}}, {"wecom_id": None}),
        (
            "wecom",
            {"external_contact": {"external_userid": "wm1"}, "follow_user": {"remark_mobiles": ["13900002108"]}},
            {"wecom_id": "wm1", "phone": "+8613900002108"},
        ),
    ],
)
async def test_a_field_is_read_however_it_is_written(
    client, add_source, send, set_policy, other_store_id, ready, payload, lead
):
    await set_policy(stores={"SH-02": str(other_store_id)})
    source = await add_source(ready_mapping=ready)

    [result] = (await send(source, payload)).json()["results"]

    assert (result["outcome"], result["dropped"]) == ("created", [])
    shown = (await client.get(f"/v1/leads/{result['lead_id']}")).json()
    told = {
        **shown,
        **shown["contact"],
        **shown["interest"],
        "requested_at": shown["touch_history"][0]["requested_at"],
        "is_at_other_store": shown["store_id"] == str(other_store_id),
    }
    assert {name: told[name] for name in lead} == lead


@pytest.mark.parametrize(
    ("said", "pointer", "why"),
    [
        ({"mobile": "1.39E+10"}, "/mobile", "its last digits are lost"),
        ({"mobile": "139****2108"}, "/mobile", "Digits are hidden"),
        ({"budget": "15"}, "/budget", "yuan or 万"),
        ({"budget": "面议"}, "/budget", "is no amount"),
        ({"budget": "-1"}, "/budget", "is no amount"),
        ({"submitted_at": "05/01/2026"}, "/submitted_at", "day 5 of month 1"),
        ({"submitted_at": "soon"}, "/submitted_at", "is no date"),
        ({"submitted_at": "1767580200000000"}, "/submitted_at", "is no date"),
        ({"email": "nobody"}, "/email", "not an e-mail address"),
        ({"message": "长" * 10_000}, "/message", "it has 10,000 characters; the first 2,000 are kept"),
        ({"name": "长" * 101}, "/name", "it has 101 characters; the first 100 are kept"),
    ],
)
async def test_what_is_not_used_is_named_in_words_that_say_why(add_source, send, said, pointer, why):
    source = await add_source(ready_mapping="website")

    [result] = (await send(source, {"tel": "13900002108", **said})).json()["results"]

    assert result["outcome"] == "created"
    [dropped] = result["dropped"]
    assert dropped["path"] == pointer
    assert why in dropped["why"]


async def test_a_masked_number_does_not_hide_the_one_that_can_be_called(client, add_source, send):
    source = await add_source(ready_mapping="dongchedi")
    clue = {"clue_id": "1", "phone": "138****8000", "virtual_phone": "17012345678,0123"}

    response = await send(source, {"timestamp": int(datetime.now(UTC).timestamp()), "data": {"clue_list": [clue]}})

    [result] = response.json()["results"]
    assert (result["outcome"], [dropped["path"] for dropped in result["dropped"]]) == ("created", ["/phone"])
    contact = (await client.get(f"/v1/leads/{result['lead_id']}")).json()["contact"]
    assert (contact["phone"], contact["phone_extension"]) == ("+8617012345678", "0123")


async def test_of_a_code_and_a_name_the_one_that_is_known_names_the_store(
    client, add_source, send, set_policy, other_store_id
):
    await set_policy(stores={"浦东店": str(other_store_id)})
    source = await add_source(ready_mapping="autohome")
    order = {"orderId": "1", "mobile": "13900002108", "dealerId": "unknown", "dealerName": "浦东店"}

    [result] = (await send(source, {"result": {"list": [order]}})).json()["results"]

    lead = (await client.get(f"/v1/leads/{result['lead_id']}")).json()
    assert (lead["store_id"], result["dropped"]) == (str(other_store_id), [])


@pytest.mark.parametrize("unit", [1, 1000])
async def test_a_payload_says_when_it_was_sent_in_seconds_or_milliseconds(add_source, send, unit):
    source = await add_source(ready_mapping="xiaohongshu")
    sent_at = int(datetime.now(UTC).timestamp() * unit)

    response = await send(source, {"ts": sent_at, "leads": [{"leadId": "1", "phone": "13900002108"}]})

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xef\xbb\xbf" + '{"name": "李娜", "mobile": "13900002108"}'.encode(), JSON),
        ('{"name": "李娜", "mobile": "13900002108"}'.encode("gbk"), JSON),
        ('{"name": "李娜", "mobile": "13900002108"}'.encode("gbk"), f"{JSON}; charset=gbk"),
        ('{"name": "李娜", "mobile": "13900002108"}'.encode(), f"{JSON}; charset=undefined"),
        ('{"name": "李娜", "mobile": "13900002108"}'.encode("utf-16"), f"{JSON}; charset=utf-16"),
        (b"name=%E6%9D%8E%E5%A8%9C&mobile=13900002108", FORM),
        (b"name=%C0%EE%C4%C8&mobile=13900002108", FORM),
        (b"name=%C0%EE%C4%C8&mobile=13900002108", f"{FORM}; charset=gbk"),
        ("name=李娜&mobile=13900002108".encode("gbk"), FORM),
    ],
)
async def test_a_payload_is_read_in_the_charset_it_is_written_in(client, add_source, send, body, content_type):
    source = await add_source(ready_mapping="website")

    [result] = (await send(source, body, content_type=content_type)).json()["results"]

    assert (await client.get(f"/v1/leads/{result['lead_id']}")).json()["contact"]["name"] == "李娜"
