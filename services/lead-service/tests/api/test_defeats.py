import asyncio
from uuid import UUID

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadDefeated, LeadDefeatRejected, LeadDefeatRequested, LeadReopened, LeadStageChanged
from sqlalchemy import text

ADVISOR = UUID("0199d3a0-0000-7000-8000-0000000000b1")


@pytest.fixture
def advisor(client_as):
    return client_as(Role.ADVISOR, subject=str(ADVISOR))


@pytest.fixture
async def with_approval(set_policy):
    """A manager decides on every defeat."""
    await set_policy(defeats={"approval": True})


async def test_a_defeat_waits_for_a_manager_and_the_lead_is_worked_meanwhile(
    client, advisor, with_approval, capture, published
):
    lead_id = await capture(advisor, grade="h")
    told = len(await published())

    response = await advisor.post(
        f"/v1/leads/{lead_id}/defeat", json={"reason": "competitor", "competitor": "NIO ET5", "note": "已订"}
    )

    assert response.status_code == 202
    answer = response.json()
    assert (answer["state"], answer["reason"], answer["competitor"], answer["requested_by"]) == (
        "pending",
        "competitor",
        "NIO ET5",
        str(ADVISOR),
    )
    assert (await client.get(f"/v1/leads/{lead_id}")).json()["stage"] == "new"
    [asked] = (await published())[told:]
    assert isinstance(asked, LeadDefeatRequested)
    assert (str(asked.request_id), asked.stage, asked.grade, asked.reason) == (
        answer["request_id"],
        "new",
        "h",
        "competitor",
    )


async def test_a_manager_agrees_and_the_lead_is_closed_as_it_stands_then(
    client, advisor, with_approval, capture, published
):
    lead_id = await capture(advisor)
    await advisor.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price", "note": "差一万二"})
    await client.post(f"/v1/leads/{lead_id}/stage", json={"stage": "negotiating"})

    response = await client.post(f"/v1/leads/{lead_id}/defeat/approve", json={})

    assert response.status_code == 200
    assert (response.json()["stage"], response.json()["note"]) == ("negotiating", "差一万二")
    assert (await client.get(f"/v1/leads/{lead_id}")).json()["stage"] == "defeated"
    moved, defeated = (await published())[-2:]
    assert isinstance(moved, LeadStageChanged)
    assert isinstance(defeated, LeadDefeated)
    [request] = (await client.get("/v1/defeat-requests", params={"lead_id": str(lead_id)})).json()["items"]
    assert request["state"] == "approved"


async def test_a_manager_disagrees_says_why_and_the_lead_may_be_asked_for_again(
    client, advisor, with_approval, capture, published
):
    lead_id = await capture(advisor)
    await advisor.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"})

    response = await client.post(f"/v1/leads/{lead_id}/defeat/reject", json={"note": "再约一次试驾"})
    again = await advisor.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "finance"})

    assert (response.json()["state"], response.json()["decision_note"]) == ("rejected", "再约一次试驾")
    assert again.status_code == 202
    told = [event for event in await published() if isinstance(event, LeadDefeatRejected)]
    assert [(event.lead_id, event.reason) for event in told] == [(lead_id, "price")]


async def test_a_managers_own_defeat_needs_nobody_else_and_settles_what_waited(client, advisor, with_approval, capture):
    lead_id = await capture(advisor)
    await advisor.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"})

    response = await client.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "no_need"})

    assert (response.status_code, response.json()["reason"]) == (200, "no_need")
    [request] = (await client.get("/v1/defeat-requests")).json()["items"]
    assert (request["state"], request["reason"], request["decided_by"]) == ("lapsed", "price", None)
    assert request["decided_at"] is not None


async def test_what_waited_when_a_lead_was_sold_does_not_wait_again_once_the_sale_is_undone(
    client, advisor, with_approval, capture
):
    lead_id = await capture(advisor)
    await advisor.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"})
    sale = {"vin": "LC0CE4CB7N0123455", "make": "BYD", "model": "Seal", "price_cents": 1}
    won = await client.post(f"/v1/leads/{lead_id}/win", json={**sale, "sold_at": "2026-01-08T14:30:00+08:00"})
    undone = await client.post(f"/v1/leads/{lead_id}/win/cancel", json={"reason": "wrong_entry"})
    assert (won.status_code, undone.status_code) == (200, 200)

    approved = await client.post(f"/v1/leads/{lead_id}/defeat/approve", json={})

    assert (approved.status_code, approved.json()["type"]) == (409, "/problems/no-defeat-pending")
    [request] = (await client.get("/v1/defeat-requests")).json()["items"]
    assert request["state"] == "lapsed"


async def test_of_many_requests_at_once_one_waits(advisor, with_approval, capture, client):
    lead_id = await capture(advisor)

    responses = await asyncio.gather(
        *(advisor.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"}) for _ in range(4))
    )

    assert sorted(response.status_code for response in responses) == [202, 409, 409, 409]
    assert {r.json()["type"] for r in responses if r.status_code == 409} == {"/problems/defeat-pending"}


async def test_requests_that_wait_are_those_of_open_leads_in_ones_stores(
    client, client_as, advisor, with_approval, capture, store_id, other_store_id
):
    here, sold = await capture(advisor), await capture(advisor)
    there = await capture(advisor, store_id=str(other_store_id))
    for lead_id in (here, there, sold):
        await advisor.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"})
    sale = {"vin": "LC0CE4CB7N0123455", "make": "BYD", "model": "Seal", "price_cents": 1}
    won = await client.post(f"/v1/leads/{sold}/win", json={**sale, "sold_at": "2026-01-08T14:30:00+08:00"})
    assert won.is_success

    async def waiting(reader, **query):
        items = (await reader.get("/v1/defeat-requests", params={"state": "pending", **query})).json()["items"]
        return [UUID(item["lead_id"]) for item in items]

    assert await waiting(client) == [there, here]
    assert await waiting(client, store_id=str(store_id)) == [here]
    assert await waiting(client_as(Role.MANAGER, stores=[other_store_id])) == [there]
    assert await waiting(client_as(Role.MANAGER, dealer_id=OTHER_DEALER)) == []
    page = (await client.get("/v1/defeat-requests", params={"limit": 1})).json()
    rest = (await client.get("/v1/defeat-requests", params={"cursor": page["next_cursor"]})).json()
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (1, 2, None)


@pytest.mark.parametrize("path", ["approve", "reject"])
async def test_nothing_is_decided_where_nothing_waits(client, client_as, advisor, capture, path):
    lead_id, body = await capture(advisor), {"note": "x"}

    answers = [
        await client.post(f"/v1/leads/{lead_id}/defeat/{path}", json=body),
        await client_as(Role.MANAGER, dealer_id=OTHER_DEALER).post(f"/v1/leads/{lead_id}/defeat/{path}", json=body),
        await advisor.post(f"/v1/leads/{lead_id}/defeat/{path}", json=body),
    ]

    assert [answer.status_code for answer in answers] == [409, 404, 403]
    assert answers[0].json()["type"] == "/problems/no-defeat-pending"


async def test_the_policy_asks_for_grounds(client, set_policy, capture):
    await set_policy(defeats={"note_reasons": ["price"], "unreachable_after_tries": 2})
    lead_id = await capture()

    async def give_up(**body):
        response = await client.post(f"/v1/leads/{lead_id}/defeat", json=body)
        return response.status_code, response.json().get("type")

    async def call(outcome):
        response = await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": outcome})
        assert response.is_success, response.text

    not_founded = (409, "/problems/defeat-not-founded")
    assert await give_up(reason="price") == not_founded
    for outcome in ("no_answer", "reached", "no_answer"):
        await call(outcome)
    assert await give_up(reason="unreachable") == not_founded
    await call("no_answer")
    assert await give_up(reason="unreachable") == (200, None)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("defeat", {"reason": "boredom"}, "/reason"),
        ("defeat", {}, "/reason"),
        ("defeat", {"reason": "competitor"}, "/competitor"),
        ("defeat", {"reason": "competitor", "competitor": None}, "/competitor"),
        ("defeat", {"reason": "competitor", "competitor": "  "}, "/competitor"),
        ("defeat", {"reason": "price", "note": "a" * 2001}, "/note"),
        ("defeat", {"reason": "price", "why": "?"}, "/why"),
        ("defeat/approve", {"note": 7}, "/note"),
        ("defeat/reject", {}, "/note"),
        ("defeat/reject", {"note": " "}, "/note"),
        ("reopen", {"reason": "price"}, "/reason"),
        ("reopen", {"note": "\x00"}, "/note"),
    ],
)
async def test_what_does_not_fit_is_refused_and_says_where(client, capture, path, body, pointer):
    lead_id = await capture()

    response = await client.post(f"/v1/leads/{lead_id}/{path}", json=body)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert (await client.get(f"/v1/leads/{lead_id}")).json()["stage"] == "new"


async def test_who_calls_back_is_worked_again_and_no_signal_speaks_to_them(
    client, without_hold_out, defeat, signal, reached, published, session, price_cut
):
    lead_id = await defeat("price", grade="a")
    told = len(await published())

    response = await client.post(f"/v1/leads/{lead_id}/reopen", json={"note": "客户来电"})

    answer = response.json()
    assert (response.status_code, answer["stage"], answer["closed_at"]) == (200, "contacted", None)
    assert answer["next_contact_at"]
    moved, reopened = (await published())[told:]
    assert (moved.from_stage, moved.to_stage) == ("defeated", "contacted")
    assert isinstance(reopened, LeadReopened)
    assert (reopened.reason, reopened.grade) == ("price", "a")
    assert await reached(await signal(**price_cut)) == {}
    kept = (await session.execute(text("SELECT lead_id, reason, note, reopened_by FROM reopening"))).one()
    assert (kept.lead_id, kept.reason, kept.note) == (lead_id, "price", "客户来电")


async def test_a_lead_that_is_lost_again_is_approached_again(
    client, without_hold_out, defeat, signal, reached, price_cut
):
    lead_id = await defeat("price")
    await client.post(f"/v1/leads/{lead_id}/reopen", json={})
    lost = await client.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"})

    assert lost.is_success
    assert list(await reached(await signal(**price_cut))) == [lead_id]


async def test_a_lead_that_was_approached_before_it_was_reopened_cools_off_and_has_fewer_attempts_left(
    client, without_hold_out, session, defeat, signal, reached, price_cut
):
    lead_id = await defeat("price")
    await signal(**price_cut)
    await client.post(f"/v1/leads/{lead_id}/reopen", json={})
    await client.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"})

    at_once = await reached(await signal(**{**price_cut, "price_to_cents": 18_900_000}))
    await session.execute(text("UPDATE defeat SET last_attempt_at = last_attempt_at - interval '31 days'"))
    await session.commit()
    later = await reached(await signal(**{**price_cut, "price_to_cents": 18_800_000}))

    assert at_once == {}
    assert later[lead_id]["attempt"] == 2


async def test_who_was_approached_for_another_lead_lately_is_left_alone(
    client, without_hold_out, defeat, signal, reached, price_cut
):
    phone = {"phone": "13800138000"}
    await defeat("price", contact=phone)
    await signal(**price_cut)
    await defeat("price", contact=phone)

    assert await reached(await signal(**{**price_cut, "price_to_cents": 18_900_000})) == {}


async def test_only_a_lost_lead_is_reopened_and_not_beside_an_open_one(client, client_as, capture, defeat):
    fresh = await capture()
    lost = await defeat("price", contact={"phone": "13800138000"})
    await capture(contact={"phone": "13800138000"})

    answers = [
        await client.post(f"/v1/leads/{fresh}/reopen", json={}),
        await client.post(f"/v1/leads/{lost}/reopen", json={}),
        await client_as(Role.MANAGER, dealer_id=OTHER_DEALER).post(f"/v1/leads/{lost}/reopen", json={}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 404]
    assert [answer.json()["type"] for answer in answers[:2]] == [
        "/problems/lead-not-defeated",
        "/problems/person-has-open-lead",
    ]
