import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from lead_service.domain.webhook_signatures import hex_signature
from lead_service.mappings import ready_mappings
from sqlalchemy import text

TMALL = ready_mappings()["tmall"].sample


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


async def test_nothing_of_a_person_is_remembered_of_a_call(add_source, send, session):
    source = await add_source()
    await send(source, TMALL)

    kept = (await session.execute(text("SELECT intake_delivery::text FROM intake_delivery"))).scalar_one()

    assert "13900002108" not in kept
