from uuid import UUID

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER
from lead_service.mappings import ready_mappings
from lead_service.sealing import Seal
from sqlalchemy import text

TMALL = ready_mappings()["tmall"].sample


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

    response = await send(source, TMALL)

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


async def test_a_source_is_taken_down_with_what_it_sent_but_not_its_leads(client, add_source, send):
    source = await add_source()
    path = f"/v1/intake-sources/{source['intake_source_id']}"
    await send(source, TMALL)
    await send(source, {"mobile": "1"})

    stale = await client.delete(path, headers={"If-Match": '"7"'})
    gone = await client.delete(path, headers={"If-Match": '"1"'})

    assert (stale.status_code, gone.status_code) == (412, 204)
    assert (await client.get(path)).status_code == 404
    assert (await send(source, TMALL)).status_code == 401
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


@pytest.mark.parametrize(
    ("alternative", "inside"),
    [
        (7, []),
        ({"table": {"a\0b": "c"}}, ["/table/a\0b"]),
        ({"table": {"a": 7}}, ["/table/a"]),
        ({"from": "a"}, ["/from"]),
    ],
)
async def test_a_wrong_alternative_is_pointed_at_where_it_stands_in_the_body(client, alternative, inside):
    mapping = {"fields": {"phone": ["a", alternative]}}

    response = await client.post("/v1/intake-sources", json={"name": "x", "mapping": mapping})

    place = "/mapping/fields/phone/1"
    assert {error["pointer"] for error in response.json()["errors"]} == {place, *(place + each for each in inside)}


async def test_a_secret_to_change_over_to_must_be_usable(client, add_source):
    source = await add_source(ready_mapping="wecom")

    response = await client.post(f"/v1/intake-sources/{source['intake_source_id']}/secrets", json={"secret": "short"})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/secret")


async def test_ready_mappings_are_listed_page_by_page(client):
    first = (await client.get("/v1/intake-mappings?limit=5")).json()
    rest = (await client.get("/v1/intake-mappings", params={"limit": 5, "cursor": first["next_cursor"]})).json()

    assert [ready["name"] for ready in first["items"] + rest["items"]] == list(ready_mappings())


async def test_a_source_whose_seal_is_lost_works_again_once_its_secret_is_renewed(client, add_source, send, session):
    source = await add_source(ready_mapping="mini_program")
    payload = {"user": {"phoneNumber": "13900001111"}}
    lost = Seal(b"a key that was changed since").close(source["secret"], of=UUID(source["intake_source_id"]))
    await session.execute(
        text("UPDATE intake_source SET secrets = jsonb_set(secrets, '{0,sealed}', to_jsonb(CAST(:lost AS text)))"),
        {"lost": lost},
    )
    await session.commit()

    refused = await send(source, payload)
    renewed = await client.post(f"/v1/intake-sources/{source['intake_source_id']}/secrets", json={})
    taken = await send(source, payload, secret=renewed.json()["secret"])

    assert (refused.status_code, taken.status_code) == (401, 200)
