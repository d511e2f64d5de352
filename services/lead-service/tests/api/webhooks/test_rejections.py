import json
from datetime import UTC, datetime, timedelta

import pytest

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


async def test_what_could_not_be_read_is_kept_and_taken_once_the_mapping_is_mended(client, add_source, send):
    source = await add_source(ready_mapping="autohome")
    path = f"/v1/intake-sources/{source['intake_source_id']}"
    good, other = {"orderId": "1", "mobile": "13900001111"}, {"orderId": "2", "cell": "13900002222"}
    sent = (await send(source, {"result": {"list": [good, other]}})).json()

    [kept] = (await client.get(f"{path}/rejections")).json()["items"]
    useless = (await client.post(f"{path}/rejections/retry")).json()["retried"]
    ready = source["mapping"]
    mended = {**ready, "fields": {**ready["fields"], "phone": ["mobile", "cell"]}}
    terms = {"name": "汽车之家", "mapping": mended, "channel": "autohome", "signing": "hmac_sha256_hex"}
    await client.put(path, json={**terms, "store_id": source["store_id"]})
    taken = (await client.post(f"{path}/rejections/retry")).json()["retried"]

    assert kept["rejection_id"] == sent["rejection_id"]
    assert ([item["index"] for item in kept["items"]], json.loads(kept["payload"])["result"]["list"][1]) == ([1], other)
    assert [(one["is_settled"], one["results"][0]["outcome"]) for one in useless] == [(False, "rejected")]
    assert [(one["is_settled"], [r["outcome"] for r in one["results"]]) for one in taken] == [(True, ["created"])]
    assert taken[0]["results"][0]["index"] == 1
    assert (await client.get(f"{path}/rejections")).json()["items"] == []
    assert len((await client.get("/v1/leads")).json()["items"]) == 2


@pytest.mark.parametrize(
    ("payload", "content_type"),
    [
        ("{broken", JSON),
        ("", JSON),
        ('"text"', JSON),
        ("[" * 20_000, JSON),
        ("name=\x00&&&=", "text/plain"),
        ("", FORM),
        ('{"result": {"list": {}}}', JSON),
        ('{"result": 7}', JSON),
        ('{"result": {"list": [7, null, "x"]}}', JSON),
        ('{"result": {"list": [{"mobile": ["1", "2"]}]}}', JSON),
        ('{"result": {"list": [{"mobile": NaN}]}}', JSON),
        ('{"result": {"list": [{"mobile": "\\u0000"}]}}', JSON),
        ("caf\xe9", "application/json; charset=utf-7"),
        ("{}", "application/json; charset=klingon"),
    ],
)
async def test_signed_nonsense_is_kept_and_answered(client, add_source, send, payload, content_type):
    source = await add_source(ready_mapping="autohome")

    response = await send(source, payload, content_type=content_type)

    assert response.status_code == 200, response.text
    assert {result["outcome"] for result in response.json()["results"]} == {"rejected"}
    [kept] = (await client.get(f"/v1/intake-sources/{source['intake_source_id']}/rejections")).json()["items"]
    assert kept["rejection_id"] == response.json()["rejection_id"]


async def test_a_payload_that_cannot_be_kept_is_not_taken_until_the_mapping_is_mended(
    client, add_source, send, set_policy, published
):
    await set_policy(intake={"max_rejections": 1})
    source = await add_source()
    await send(source, {"mobile": "1"})

    refused = [await send(source, {"mobile": "2"}) for _ in range(2)]
    await set_policy(intake={"max_rejections": 2})
    taken = (await send(source, {"mobile": "2"})).json()

    assert [(answer.status_code, answer.json()["type"], answer.headers["retry-after"]) for answer in refused] == [
        (503, "/problems/rejections-full", "3600")
    ] * 2
    assert (taken["is_repeat"], taken["results"][0]["outcome"]) == (False, "rejected")
    assert len((await client.get(f"/v1/intake-sources/{source['intake_source_id']}/rejections")).json()["items"]) == 2
    assert await published() == []


async def test_payloads_are_forgotten_in_time(client, add_source, send, run_job):
    source = await add_source()
    await send(source, {"mobile": "1"})
    path = f"/v1/intake-sources/{source['intake_source_id']}/rejections"

    await run_job("forget-deliveries", now=datetime.now(UTC) + timedelta(days=13))
    kept = (await client.get(path)).json()["items"]
    await run_job("forget-deliveries", now=datetime.now(UTC) + timedelta(days=15))

    assert (len(kept), (await client.get(path)).json()["items"]) == (1, [])


@pytest.mark.parametrize(
    ("ready", "payload"),
    [
        ("tmall", '{"mobile": "13800138000", "name": "\\ud83d", "\\udfff": "x"}'),
        ("douyin", '{"data": "' + "[" * 50_000 + '", "phone": "13800138000"}'),
        ("douyin", '{"data": "{\\"phone\\": \\"13800138000\\", \\"remark\\": \\"\\\\udc00\\"}"}'),
    ],
)
async def test_a_payload_that_nobody_could_store_is_no_fault_of_ours(client, add_source, send, ready, payload):
    source = await add_source(ready_mapping=ready)

    response = await send(source, payload)
    previewed = await client.post(
        f"/v1/intake-sources/{source['intake_source_id']}/preview",
        content=f'{{"payload": {payload}}}',
        headers={"content-type": JSON},
    )

    assert response.status_code == 200, response.text
    assert previewed.status_code in (200, 422), previewed.text


async def test_a_place_at_which_a_mended_mapping_finds_no_lead_any_more_is_a_pointer(client, add_source, send):
    source = await add_source(ready_mapping="autohome")
    path = f"/v1/intake-sources/{source['intake_source_id']}"
    await send(source, {"result": {"list": [{"mobile": "13900001111"}, {"cell": "1"}], "few": [{"mobile": "1"}]}})

    moved = {**source["mapping"], "list_root": "result.few"}
    terms = {"name": "汽车之家", "mapping": moved, "channel": "autohome", "signing": "hmac_sha256_hex"}
    await client.put(path, json={**terms, "store_id": source["store_id"]})
    [retried] = (await client.post(f"{path}/rejections/retry")).json()["retried"]

    [gone] = retried["results"]
    assert [error["pointer"] for error in gone["problem"]["errors"]] == ["/result/few"]
