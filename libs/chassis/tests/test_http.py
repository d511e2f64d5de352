"""What every route of every service gets for nothing."""

import asyncio
from uuid import uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER


async def test_a_write_is_there_and_told_of(client, published):
    response = await client.post("/v1/notes", json={"words": "你好"})

    assert response.status_code == 201
    told = await published()
    assert [(e.type, e.subject, e.sequence) for e in told] == [
        ("baoke.lead.assigned.v1", response.json()["note_id"], 1)
    ]
    assert (await client.get(f"/v1/notes/{response.json()['note_id']}")).json() == response.json()


async def test_a_refused_write_leaves_neither_row_nor_event(client, published):
    response = await client.post("/v1/notes", json={"words": "too late"})

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/problems/note-not-found"
    assert await published() == []


async def test_an_unknown_field_is_named(client):
    response = await client.post("/v1/notes", json={"words": "x", "wrods": "y"})

    assert response.status_code == 422
    assert response.json() == {
        "type": "/problems/invalid-input",
        "title": "The input does not fit the schema",
        "status": 422,
        "errors": [{"pointer": "/wrods", "message": "Extra inputs are not permitted"}],
    }


async def test_malformed_json_is_400(client):
    response = await client.post("/v1/notes", content=b"{", headers={"content-type": "application/json"})

    assert (response.status_code, response.json()["type"]) == (400, "/problems/malformed-json")


async def test_another_media_type_is_415(client):
    response = await client.post("/v1/notes", content=b"words=x", headers={"content-type": "text/plain"})

    assert (response.status_code, response.json()["type"]) == (415, "/problems/unsupported-media-type")


async def test_a_large_body_is_413(client):
    response = await client.post("/v1/notes", json={"words": "x" * 10_000_000})

    assert (response.status_code, response.json()["type"]) == (413, "/problems/body-too-large")


async def test_a_large_body_that_was_not_announced_is_413(client):
    async def pieces():
        for _ in range(10):
            yield b" " * 1_000_000

    response = await client.post("/v1/notes", content=pieces(), headers={"content-type": "application/json"})

    assert response.status_code == 413


async def test_a_nul_in_a_text_is_422(client):
    response = await client.post("/v1/notes", json={"words": "a\x00b"})

    assert (response.status_code, response.json()["type"]) == (422, "/problems/unstorable-value")


async def test_deep_nesting_is_refused(client):
    nested = b"[" * 100_000 + b"]" * 100_000

    response = await client.post("/v1/notes", content=nested, headers={"content-type": "application/json"})

    assert response.status_code in (400, 422)


async def test_without_a_token_is_401(anonymous):
    response = await anonymous.post("/v1/notes", json={"words": "x"})

    assert (response.status_code, response.json()["type"]) == (401, "/problems/unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_forged_token_is_401(anonymous):
    response = await anonymous.get(f"/v1/notes/{uuid4()}", headers={"Authorization": "Bearer a.b.c"})

    assert response.status_code == 401


async def test_the_wrong_role_is_403(client_as):
    response = await client_as(Role.AUDITOR).post("/v1/notes", json={"words": "x"})

    assert (response.status_code, response.json()["type"]) == (403, "/problems/forbidden")


async def test_another_dealers_note_is_404(client, client_as):
    note_id = (await client.post("/v1/notes", json={"words": "x"})).json()["note_id"]

    response = await client_as(Role.MANAGER, dealer_id=OTHER_DEALER).get(f"/v1/notes/{note_id}")

    assert response.status_code == 404


async def test_a_key_opens_what_its_scopes_name_until_it_is_revoked(client, anonymous):
    made = (await client.post("/v1/api-keys", json={"name": "form", "scopes": ["notes:write"]})).json()
    key = {"X-API-Key": made["api_key"]}

    assert (await anonymous.post("/v1/notes", json={"words": "x"}, headers=key)).status_code == 201
    assert (await anonymous.get("/v1/api-keys", headers=key)).status_code == 403
    assert [k["name"] for k in (await client.get("/v1/api-keys")).json()["items"]] == ["form"]
    assert (await client.delete(f"/v1/api-keys/{made['key_id']}")).status_code == 204
    assert (await anonymous.post("/v1/notes", json={"words": "x"}, headers=key)).status_code == 401


async def test_the_same_key_and_body_is_answered_alike_and_done_once(client, published):
    key = {"Idempotency-Key": "one"}

    first = await client.post("/v1/notes", json={"words": "x"}, headers=key)
    second = await client.post("/v1/notes", json={"words": "x"}, headers=key)

    assert (second.status_code, second.json()) == (201, first.json())
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(await published()) == 1


async def test_the_same_key_with_another_body_is_422(client):
    key = {"Idempotency-Key": "one"}
    await client.post("/v1/notes", json={"words": "x"}, headers=key)

    response = await client.post("/v1/notes", json={"words": "y"}, headers=key)

    assert (response.status_code, response.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_twenty_at_once_with_one_key_do_it_once(client, published):
    key = {"Idempotency-Key": "one"}

    answers = await asyncio.gather(*(client.post("/v1/notes", json={"words": "x"}, headers=key) for _ in range(20)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(await published()) == 1


async def test_a_refused_write_frees_its_key(client):
    key = {"Idempotency-Key": "one"}

    assert (await client.post("/v1/notes", json={"words": "too late"}, headers=key)).status_code == 404
    assert (await client.post("/v1/notes", json={"words": "x"}, headers=key)).status_code == 201


async def test_an_unknown_path_is_a_problem_too(client):
    response = await client.get("/v1/nothing")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_health_names_the_database(anonymous):
    assert (await anonymous.get("/healthz")).json() == {"status": "ok", "checks": {}}
    assert (await anonymous.get("/readyz")).json() == {"status": "ok", "checks": {"database": "ok"}}


@pytest.mark.parametrize("weight", ["7", True, 7.5, "1_000"])
async def test_what_json_does_not_call_a_whole_number_is_none(client, weight):
    response = await client.post("/v1/notes", json={"words": "x", "weight": weight})

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == ["/weight"]


@pytest.mark.parametrize(("noted_at", "status"), [("2026-01-05T08:30:00Z", 201), (1_790_000_000, 422), (True, 422)])
async def test_a_moment_is_a_text(client, noted_at, status):
    response = await client.post("/v1/notes", json={"words": "x", "noted_at": noted_at})

    assert response.status_code == status


async def test_a_parameter_with_a_typo_is_refused(client):
    response = await client.get("/v1/api-keys?limits=5")

    assert response.status_code == 422
    assert response.json()["errors"] == [{"pointer": "limits", "message": "There is no such parameter"}]


async def test_the_api_pages_need_no_other_host(anonymous):
    page = await anonymous.get("/docs")

    assert page.status_code == 200
    assert "cdn" not in page.text
    assert (await anonymous.get("/swagger/swagger-ui-bundle.js")).status_code == 200


async def test_a_method_that_a_path_does_not_have_is_405_and_names_those_it_has(client):
    response = await client.put("/v1/api-keys")

    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    assert response.json()["type"] == "/problems/method-not-allowed"
