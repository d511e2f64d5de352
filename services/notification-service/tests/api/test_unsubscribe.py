"""Unsubscribing: by link, with one click, by SMS."""

from uuid import UUID

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import DEALER, OTHER_DEALER
from baoke_events import CustomerRegistered, MessageSent, Unsubscribed
from baoke_events.ids import uuid7
from sqlalchemy import text

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
async def link(introduce, send, run_job, messages_of, noon):
    """Somebody got a marketing message; their party id and the path of the link in it."""
    party_id = await introduce()
    await send(party_id)
    await run_job("send_due_messages", now=noon)
    (message,) = await messages_of(party_id)
    return party_id, message["unsubscribe_url"].removeprefix("http://localhost:8080/notification-service")


@pytest.fixture
async def tables_as_text(session):
    """Reads every row of this service's tables."""

    async def read():
        names = ("party", "suppression", "message", "contact_budget", "outbox")
        return {name: (await session.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2"))).all() for name in names}

    return read


async def test_opening_the_link_asks_and_changes_nothing(anonymous, link, tables_as_text):
    _, path = link
    before = await tables_as_text()

    page = await anonymous.get(path)

    assert page.status_code == 200
    assert "不想再收到营销信息？" in page.text
    assert '<form method="post">' in page.text
    assert await tables_as_text() == before


async def test_one_click_ends_marketing_on_every_channel(anonymous, link, send, run_job, messages_of, published, noon):
    party_id, path = link

    answer = await anonymous.post(path, data=ONE_CLICK)
    await send(party_id)
    await send(party_id, channels=["email"])
    await run_job("send_due_messages", now=noon)

    assert answer.status_code == 200
    assert "您已退订" in answer.text
    assert [m["reason"] for m in await messages_of(party_id)] == ["unsubscribed", "unsubscribed", None]
    facts = [(e.party_id, e.purpose, e.channel, e.how) for e in await published() if isinstance(e, Unsubscribed)]
    assert facts == [(party_id, "marketing", channel, "one_click") for channel in ("email", "sms")]


async def test_service_and_transactional_messages_still_go(anonymous, link, send, run_job, messages_of, noon):
    party_id, path = link
    await anonymous.post(path, data=ONE_CLICK)
    await send(party_id, "service")
    await send(party_id, "transactional")

    await run_job("send_due_messages", now=noon)

    assert [m["state"] for m in await messages_of(party_id)] == ["sent", "sent", "sent"]


async def test_the_button_on_the_page_unsubscribes_too(anonymous, link, published):
    _, path = link

    await anonymous.post(path)

    assert {e.how for e in await published() if isinstance(e, Unsubscribed)} == {"page"}


async def test_a_mail_program_may_send_an_idempotency_key_without_a_token(anonymous, link):
    _, path = link

    answer = await anonymous.post(path, data=ONE_CLICK, headers={"Idempotency-Key": "one"})

    assert answer.status_code == 200


async def test_unsubscribing_twice_says_so_once(anonymous, link, published):
    _, path = link
    await anonymous.post(path, data=ONE_CLICK)
    said = await published()

    again = await anonymous.post(path, data=ONE_CLICK)

    assert again.status_code == 200
    assert await published() == said


async def test_a_message_on_its_way_stops_too(anonymous, link, send, run_job, messages_of, noon):
    party_id, path = link
    await send(party_id)
    await anonymous.post(path, data=ONE_CLICK)

    await run_job("send_due_messages", now=noon)

    assert (await messages_of(party_id))[0]["reason"] == "unsubscribed"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_forged_token_is_not_found(anonymous, link, method, published):
    _, path = link
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")

    answer = await anonymous.request(method, forged)

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-unsubscribe-link")
    assert [type(e) for e in await published()] == [MessageSent]


async def test_the_customer_a_lead_became_is_unsubscribed_with_it(
    anonymous, deliver, link, introduce, send, run_job, messages_of, published, noon
):
    lead_id, path = link
    customer_id = await introduce()
    await deliver(
        CustomerRegistered(
            dealer_id=DEALER, occurred_at=noon, customer_id=customer_id, store_id=uuid7(), lead_id=lead_id
        )
    )

    await anonymous.post(path, data=ONE_CLICK)
    await send(customer_id)
    await run_job("send_due_messages", now=noon)

    assert [m["reason"] for m in await messages_of(customer_id)] == ["unsubscribed"]
    assert {e.party_id for e in await published() if isinstance(e, Unsubscribed)} == {lead_id, customer_id}


async def test_an_unsubscribed_lead_stays_so_as_a_customer(
    anonymous, deliver, link, introduce, send, run_job, messages_of, noon
):
    lead_id, path = link
    await anonymous.post(path, data=ONE_CLICK)
    customer_id = await introduce()
    await deliver(
        CustomerRegistered(
            dealer_id=DEALER, occurred_at=noon, customer_id=customer_id, store_id=uuid7(), lead_id=lead_id
        )
    )
    await send(customer_id)

    await run_job("send_due_messages", now=noon)

    assert [m["reason"] for m in await messages_of(customer_id)] == ["unsubscribed"]


async def test_the_page_speaks_the_customers_language(anonymous, introduce, send, run_job, messages_of, noon):
    party_id = await introduce(locale="en-GB", name="Li Lei")
    await send(party_id)
    await run_job("send_due_messages", now=noon)
    (message,) = await messages_of(party_id)

    page = await anonymous.get(message["unsubscribe_url"].removeprefix("http://localhost:8080/notification-service"))

    assert "No more marketing messages?" in page.text


async def test_replying_to_an_sms_unsubscribes(client, introduce, published):
    party_id = await introduce(phone="+8613912345678", email=None)

    answer = await client.post("/v1/sms-replies", json={"phone": "+8613912345678", "text": "退订"})

    assert (answer.status_code, answer.json()) == (200, {"unsubscribed_parties": 1})
    assert {(e.party_id, e.channel, e.how) for e in await published() if isinstance(e, Unsubscribed)} == {
        (party_id, "sms", "sms_reply"),
        (party_id, "email", "sms_reply"),
    }


async def test_any_other_reply_changes_nothing(client, introduce, published):
    await introduce(phone="+8613912345678")

    answer = await client.post("/v1/sms-replies", json={"phone": "+8613912345678", "text": "5"})

    assert answer.json() == {"unsubscribed_parties": 0}
    assert await published() == []


async def test_a_reply_to_another_dealer_unsubscribes_from_that_dealer_only(client_as, introduce, published):
    await introduce(phone="+8613912345678")
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)

    answer = await stranger.post("/v1/sms-replies", json={"phone": "+8613912345678", "text": "T"})

    assert answer.json() == {"unsubscribed_parties": 0}
    assert await published() == []


async def test_transactional_messages_carry_no_link(client, introduce, send, messages_of):
    party_id = await introduce()
    message_id = await send(party_id, "transactional")

    (message,) = await messages_of(party_id)

    assert (UUID(message["message_id"]), message["unsubscribe_url"]) == (message_id, None)
