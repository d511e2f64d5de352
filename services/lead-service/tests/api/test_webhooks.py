import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadCaptured
from lead_service.domain.webhook_signatures import hex_signature, standard_signature
from lead_service.mappings import ready_mappings
from sqlalchemy import text

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def add_source(client, store_id):
    """Sets a source up; keywords replace parts of its body."""

    async def add(**changes):
        body = {"name": "天猫", "ready_mapping": "tmall", "store_id": str(store_id), **changes}
        response = await client.post("/v1/intake-sources", json=body)
        assert response.status_code == 201, response.text
        return response.json()

    return add


@pytest.fixture
def send(anonymous):
    """Sends a payload as the source's partner would, signed; keywords replace what is signed or sent."""

    async def send_(source, payload, *, secret=None, delivery_id=None, at=None, content_type=JSON, **headers):
        body = payload.encode() if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False).encode()
        secret, at = secret or source["secret"], at or datetime.now(UTC)
        if source["signing"] == "standard_webhooks":
            id_, timestamp = delivery_id or f"msg_{uuid4()}", str(int(at.timestamp()))
            signature = f"v1,{standard_signature(secret, id_, timestamp, body)}"
            signed = {"webhook-id": id_, "webhook-timestamp": timestamp, "webhook-signature": signature}
        else:
            signed = {"X-Signature": hex_signature(secret, body)}
        sent = {"content-type": content_type, **signed, **{n.replace("_", "-"): v for n, v in headers.items()}}
        return await anonymous.post(source["webhook_path"], content=body, headers=sent)

    return send_


def tmall(**changes):
    return {**ready_mappings()["tmall"].sample, **changes}


async def test_a_tmall_payload_becomes_a_lead_of_the_store_its_code_names(
    client, add_source, send, set_policy, other_store_id, published
):
    await set_policy(stores={"SH-01": str(other_store_id)})
    source = await add_source()

    response = await send(source, tmall())

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
async def test_every_ready_mapping_reads_its_own_sample(client, add_source, name):
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
        assert [dropped["path"] for dropped in lead["dropped"]] in ([], [lead["dropped"][0]["path"]])
        assert {dropped["why"] for dropped in lead["dropped"]} <= {
            "no store has this code; the default store takes the lead"
        }


async def test_a_preview_writes_nothing_and_says_what_was_not_understood(client, add_source, published):
    source = await add_source()
    payload = tmall(mobile="12", email_address="wu@example.com", attr={"vip": 1}, gmt_create="yesterday")

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


@pytest.mark.parametrize("ready", ["tmall", "mini_program"])
async def test_a_call_that_comes_again_does_nothing_and_is_answered_alike(client, add_source, send, published, ready):
    source = await add_source(ready_mapping=ready)
    payload = {"mobile": "13900001111", "user": {"phoneNumber": "13900001111"}}

    first = await send(source, payload, delivery_id="msg_1")
    told = await published()
    again = await send(source, payload, delivery_id="msg_1")

    assert (first.json()["is_repeat"], again.json()["is_repeat"]) == (False, True)
    assert again.json()["results"][0]["lead_id"] == first.json()["results"][0]["lead_id"]
    assert await published() == told
    [lead] = (await client.get("/v1/leads")).json()["items"]
    assert lead["touches"] == 1


async def test_of_the_same_call_at_once_one_counts(client, add_source, send):
    source = await add_source(ready_mapping="mini_program")
    payload = {"user": {"phoneNumber": "13900001111"}}

    answers = await asyncio.gather(*(send(source, payload, delivery_id="msg_1") for _ in range(6)))

    assert sorted(answer.json()["is_repeat"] for answer in answers) == [False, *[True] * 5]
    assert [lead["touches"] for lead in (await client.get("/v1/leads")).json()["items"]] == [1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "whsec_" + "A" * 43 + "="},
        {"webhook_signature": ""},
        {"webhook_id": "msg_other"},
        {"webhook_timestamp": "0"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"at": datetime(2099, 1, 1, tzinfo=UTC)},
    ],
)
async def test_a_call_that_is_not_signed_lately_is_refused(add_source, send, published, session, wrong):
    source = await add_source(ready_mapping="mini_program")

    response = await send(source, {"user": {"phoneNumber": "13900001111"}}, **wrong)

    assert (response.status_code, response.json()["type"]) == (401, "/problems/signature-refused")
    assert await published() == []
    assert (await session.scalars(text("SELECT count(*) FROM intake_delivery"))).one() == 0


async def test_a_body_that_was_changed_is_refused(anonymous, add_source, client):
    source = await add_source()
    signature = hex_signature(source["secret"], b'{"mobile": "13900001111"}')

    response = await anonymous.post(
        source["webhook_path"], content=b'{"mobile": "13900002222"}', headers={"X-Signature": signature}
    )

    assert response.status_code == 401


async def test_an_address_that_nobody_has_is_refused_like_a_wrong_signature(anonymous, add_source):
    source = await add_source()
    elsewhere = source["webhook_path"].replace(source["intake_source_id"], str(uuid4()))

    known, unknown = [await anonymous.post(path, json={}) for path in (source["webhook_path"], elsewhere)]

    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())


async def test_a_payload_that_says_when_it_was_sent_is_held_against_the_clock(add_source, send):
    source = await add_source(ready_mapping="dongchedi")
    clues = {"clue_list": [{"clue_id": "1", "phone": "13900001111"}]}
    now = datetime.now(UTC).timestamp()

    late = await send(source, {"timestamp": int(now) - 3600, "data": clues})
    never = await send(source, {"data": clues})
    lately = await send(source, {"timestamp": int(now), "data": clues})

    assert [answer.status_code for answer in (late, never, lately)] == [401, 401, 200]


async def test_a_replaced_secret_serves_for_some_days_and_then_no_more(client, add_source, send, session):
    source = await add_source(ready_mapping="mini_program")
    payload = {"user": {"phoneNumber": "13900001111"}}

    renewed = await client.post(f"/v1/intake-sources/{source['intake_source_id']}/secrets", json={})
    newer = renewed.json()["secret"]
    both = [(await send(source, payload, secret=secret)).status_code for secret in (source["secret"], newer)]
    await session.execute(
        text(
            "UPDATE intake_source SET secrets = jsonb_set(secrets, '{1,valid_until}', '\"2026-01-01T00:00:00+00:00\"')"
        )
    )
    await session.commit()
    later = [(await send(source, payload, secret=secret)).status_code for secret in (source["secret"], newer)]

    assert (renewed.status_code, renewed.headers["cache-control"]) == (201, "no-store")
    assert (both, later) == ([200, 200], [401, 200])


async def test_two_secrets_are_valid_at_most(client, add_source, send):
    source = await add_source(ready_mapping="mini_program")
    for _ in range(2):
        await client.post(f"/v1/intake-sources/{source['intake_source_id']}/secrets", json={})

    shown = (await client.get(f"/v1/intake-sources/{source['intake_source_id']}")).json()
    answer = await send(source, {"user": {"phoneNumber": "13900001111"}})

    assert len(shown["secrets"]) == 2
    assert answer.status_code == 401


async def test_secrets_are_kept_encrypted_and_never_shown_again(client, add_source, session):
    source = await add_source(secret="a secret that the platform gave out")

    kept = (await session.scalars(text("SELECT secrets::text FROM intake_source"))).one()
    shown = await client.get(f"/v1/intake-sources/{source['intake_source_id']}")
    listed = await client.get("/v1/intake-sources")

    assert source["secret"] == "a secret that the platform gave out"
    assert all("platform gave" not in told for told in (kept, shown.text, listed.text))


async def test_the_secret_is_not_stored_with_an_idempotency_key_either(client, store_id, session):
    body = {"name": "天猫", "ready_mapping": "tmall", "store_id": str(store_id)}

    made = await client.post("/v1/intake-sources", json=body, headers={"Idempotency-Key": "k"})

    assert made.headers["cache-control"] == "no-store"
    assert (await session.scalars(text("SELECT count(*) FROM idempotency_key"))).one() == 0


async def test_a_source_that_is_switched_off_takes_nothing(client, add_source, send):
    source = await add_source()
    terms = {"name": "天猫", "ready_mapping": "tmall", "is_enabled": False}
    await client.put(f"/v1/intake-sources/{source['intake_source_id']}", json=terms)

    response = await send(source, tmall())

    assert (response.status_code, response.json()["type"]) == (403, "/problems/intake-source-off")


async def test_a_change_wants_the_etag_and_a_new_mapping_is_a_version(client, add_source, session):
    source = await add_source()
    path = f"/v1/intake-sources/{source['intake_source_id']}"
    own = {"fields": {"phone": ["tel", {"constant": "13900001111"}]}}
    terms = {"name": "自建", "mapping": own, "channel": "event", "signing": "hmac_sha256_hex"}

    renamed = await client.put(path, json={**terms, "mapping": source["mapping"]}, headers={"If-Match": '"1"'})
    stale = await client.put(path, json=terms, headers={"If-Match": '"1"'})
    mended = await client.put(path, json=terms, headers={"If-Match": renamed.headers["etag"]})

    assert (renamed.json()["name"], renamed.json()["mapping_version"], renamed.headers["etag"]) == ("自建", 1, '"2"')
    assert stale.status_code == 412
    assert (mended.json()["mapping_version"], mended.json()["mapping"]["fields"]) == (2, own["fields"])
    versions = (await session.scalars(text("SELECT version FROM intake_mapping ORDER BY version"))).all()
    assert versions == [1, 2]


async def test_the_way_of_signing_stays(client, add_source):
    source = await add_source()
    terms = {"name": "天猫", "ready_mapping": "tmall", "signing": "standard_webhooks"}

    response = await client.put(f"/v1/intake-sources/{source['intake_source_id']}", json=terms)

    assert (response.status_code, response.json()["type"]) == (409, "/problems/signing-fixed")


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


async def test_only_so_many_payloads_are_kept(client, add_source, send, set_policy):
    await set_policy(intake={"max_rejections": 2})
    source = await add_source()

    answers = [(await send(source, {"mobile": str(number)})).json() for number in range(3)]

    assert [answer["rejection_id"] is not None for answer in answers] == [True, True, False]
    assert all(answer["results"][0]["outcome"] == "rejected" for answer in answers)


async def test_payloads_are_forgotten_in_time(client, add_source, send, run_job):
    source = await add_source()
    await send(source, {"mobile": "1"})
    path = f"/v1/intake-sources/{source['intake_source_id']}/rejections"

    await run_job("forget-deliveries", now=datetime.now(UTC) + timedelta(days=13))
    kept = (await client.get(path)).json()["items"]
    await run_job("forget-deliveries", now=datetime.now(UTC) + timedelta(days=15))

    assert (len(kept), (await client.get(path)).json()["items"]) == (1, [])


async def test_nothing_of_a_person_is_remembered_of_a_call(add_source, send, session):
    source = await add_source()
    await send(source, tmall(mobile="13900002108"))

    kept = (await session.execute(text("SELECT intake_delivery::text FROM intake_delivery"))).scalar_one()

    assert "13900002108" not in kept


async def test_a_source_is_taken_down_with_what_it_sent_but_not_its_leads(client, add_source, send):
    source = await add_source()
    path = f"/v1/intake-sources/{source['intake_source_id']}"
    await send(source, tmall())
    await send(source, {"mobile": "1"})

    stale = await client.delete(path, headers={"If-Match": '"7"'})
    gone = await client.delete(path, headers={"If-Match": '"1"'})

    assert (stale.status_code, gone.status_code) == (412, 204)
    assert (await client.get(path)).status_code == 404
    assert (await send(source, tmall())).status_code == 401
    assert len((await client.get("/v1/leads")).json()["items"]) == 1


async def test_sources_are_the_managers_of_one_dealer(client, client_as, add_source):
    source = await add_source()
    path = f"/v1/intake-sources/{source['intake_source_id']}"
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)

    assert {
        (await client_as(role).get("/v1/intake-sources")).status_code for role in set(Role) - {Role.MANAGER, Role.ADMIN}
    } == {403}
    assert (await stranger.get("/v1/intake-sources")).json()["items"] == []
    statuses = [
        (await stranger.request(method, f"{path}{below}", json=body)).status_code
        for method, below, body in (
            ("GET", "", None),
            ("PUT", "", {"name": "x", "ready_mapping": "tmall"}),
            ("DELETE", "", None),
            ("POST", "/secrets", {}),
            ("POST", "/preview", {"payload": {}}),
            ("GET", "/rejections", None),
            ("POST", "/rejections/retry", None),
        )
    ]
    assert statuses == [404] * 7


async def test_ids_of_two_website_forms_are_not_the_same_lead_and_a_platforms_are(client, add_source, send):
    forms = [await add_source(ready_mapping="website", name=name) for name in ("a", "b")]
    ours = [await add_source(ready_mapping="douyin", name=name) for name in ("c", "d")]

    first = [(await send(form, {"form_id": "1", "mobile": f"1390000111{n}"})).json() for n, form in enumerate(forms)]
    second = [
        (await send(one, {"data": {"clue_id": "1", "phone": f"1390000222{n}"}})).json() for n, one in enumerate(ours)
    ]

    assert [answer["results"][0]["outcome"] for answer in first] == ["created", "created"]
    assert [answer["results"][0]["outcome"] for answer in second] == ["created", "repeated"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"ready_mapping": "tmall"}, "/name"),
        ({"name": "x"}, ""),
        ({"name": "x", "ready_mapping": "taobao"}, ""),
        ({"name": "x", "ready_mapping": "tmall", "mapping": {"fields": {"phone": ["a"]}}}, ""),
        ({"name": "x", "mapping": {"fields": {"phone": ["a"]}}}, ""),
        ({"name": "x", "mapping": {"fields": {"name": ["a"]}}}, "/mapping"),
        ({"name": "x", "mapping": {"fields": {"phone": ["a..b"]}}}, "/mapping"),
        ({"name": "x", "mapping": {"fields": {"phone": []}}}, "/mapping/fields/phone"),
        ({"name": "x", "mapping": {"fields": {"shoe": ["a"], "phone": ["b"]}}}, "/mapping/fields/shoe"),
        ({"name": "x", "ready_mapping": "tmall", "secret": "short"}, ""),
        ({"name": "x", "ready_mapping": "wecom", "secret": "whsec_nonsense"}, ""),
        ({"name": "x", "ready_mapping": "tmall", "channel": "fax"}, "/channel"),
        ({"name": "x", "ready_mapping": "tmall", "store": "y"}, "/store"),
    ],
)
async def test_terms_that_do_not_fit_are_refused(client, body, pointer):
    response = await client.post("/v1/intake-sources", json=body)

    assert response.status_code == 422, response.text
    assert response.json()["errors"][0]["pointer"].startswith(pointer)


async def test_a_secret_to_change_over_to_must_be_usable(client, add_source):
    source = await add_source(ready_mapping="wecom")

    response = await client.post(f"/v1/intake-sources/{source['intake_source_id']}/secrets", json={"secret": "short"})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/secret")


async def test_ready_mappings_are_listed_page_by_page(client):
    first = (await client.get("/v1/intake-mappings?limit=5")).json()
    rest = (await client.get("/v1/intake-mappings", params={"limit": 5, "cursor": first["next_cursor"]})).json()

    assert [ready["name"] for ready in first["items"] + rest["items"]] == list(ready_mappings())
