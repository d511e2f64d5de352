"""Messages over HTTP."""

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER
from baoke_events.ids import uuid7

BODY = {"class": "marketing", "template": "notice", "data": {"title": "周末活动", "text": "周六到店有礼。"}}


async def test_a_message_is_accepted_sent_and_shown(client, introduce, run_job, no_quiet_hours):
    party_id = str(await introduce())

    accepted = await client.post("/v1/messages", json={**BODY, "party_id": party_id, "channels": ["email"]})
    await run_job("send_due_messages")

    message_id = accepted.json()["message_id"]
    assert (accepted.status_code, accepted.json()) == (202, {"message_id": message_id, "state": "waiting"})
    (shown,) = (await client.get("/v1/messages", params={"party_id": party_id})).json()["items"]
    url = shown["unsubscribe_url"]
    assert {name: shown[name] for name in ("state", "reason", "class", "channel", "template", "subject", "text")} == {
        "state": "sent",
        "reason": None,
        "class": "marketing",
        "channel": "email",
        "template": "notice",
        "subject": "周末活动",
        "text": f"李雷您好：\n\n周六到店有礼。\n\n-- \n保客\n不想再收到此类消息？一键退订：{url}",
    }


async def test_the_same_key_sends_once(client, introduce, messages_of):
    party_id = await introduce()
    request = {"json": {**BODY, "party_id": str(party_id)}, "headers": {"Idempotency-Key": "k1"}}

    first = await client.post("/v1/messages", **request)
    again = await client.post("/v1/messages", **request)

    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(await messages_of(party_id)) == 1


@pytest.mark.parametrize(
    ("change", "problem", "detail"),
    [
        (
            {"template": "x"},
            "unknown-template",
            "There is no template 'x'; GET /v1/templates lists them.",
        ),
        ({"data": {"title": "x"}}, "unfit-template-data", "Template 'notice' cannot be filled: 'text' is undefined."),
    ],
)
async def test_what_cannot_be_said_is_refused_with_the_reason(client, introduce, messages_of, change, problem, detail):
    party_id = await introduce()

    answer = await client.post("/v1/messages", json={**BODY, "party_id": str(party_id), **change})

    assert answer.status_code == 422
    assert (answer.json()["type"], answer.json()["detail"]) == (f"/problems/{problem}", detail)
    assert await messages_of(party_id) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"class": "spam"}, "/class"),
        ({"channels": ["pigeon"]}, "/channels/0"),
        ({"channels": []}, "/channels"),
        ({"party_id": "nobody"}, "/party_id"),
        ({"text": "hello"}, "/text"),
        ({"data": {"title": "", "text": "长" * 10_000}}, "/data"),
    ],
)
async def test_input_that_breaks_the_schema_names_the_place(client, change, pointer):
    answer = await client.post("/v1/messages", json={**BODY, "party_id": str(uuid7()), **change})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_messages_come_newest_first_and_page_by_page(client, introduce, send):
    party_id = await introduce()
    sent = [str(await send(party_id)) for _ in range(5)]

    first = (await client.get("/v1/messages", params={"party_id": str(party_id), "limit": 3})).json()
    second = (
        await client.get("/v1/messages", params={"party_id": str(party_id), "limit": 3, "cursor": first["next_cursor"]})
    ).json()

    assert [m["message_id"] for m in first["items"] + second["items"]] == sent[::-1]
    assert second["next_cursor"] is None


async def test_a_cursor_that_is_none_of_ours_is_refused(client):
    answer = await client.get("/v1/messages", params={"cursor": "bm9uc2Vuc2U"})

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-cursor")


async def test_another_dealer_sees_nothing(client_as, introduce, send):
    party_id = await introduce()
    await send(party_id)
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)

    assert (await stranger.get("/v1/messages", params={"party_id": str(party_id)})).json()["items"] == []
    assert (await stranger.get(f"/v1/parties/{party_id}/contact-budget")).status_code == 404


@pytest.mark.parametrize(
    ("role", "scopes", "reads", "writes"),
    [
        (Role.MANAGER, (), 200, 202),
        (Role.MARKETING, (), 200, 202),
        (Role.ADVISOR, (), 200, 403),
        (Role.SERVICE_ADVISOR, (), 200, 403),
        (Role.AUDITOR, (), 200, 403),
        (Role.PARTNER, ("messages:read",), 200, 403),
        (Role.PARTNER, ("messages:write",), 403, 202),
    ],
)
async def test_each_role_does_what_is_its_to_do(client_as, role, scopes, reads, writes):
    caller = client_as(role, scopes=scopes)

    assert (await caller.get("/v1/messages")).status_code == reads
    assert (await caller.post("/v1/messages", json={**BODY, "party_id": str(uuid7())})).status_code == writes
