"""A lead and the customer it became are one person."""

import pytest
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import DEALER
from baoke_events import Consent, CustomerRegistered, MessageSent
from baoke_events.ids import uuid7


@pytest.fixture
def registered():
    """Makes the news that a lead became a customer."""

    def make(lead_id, customer_id):
        return CustomerRegistered(
            dealer_id=DEALER, occurred_at=utc_now(), customer_id=customer_id, store_id=uuid7(), lead_id=lead_id
        )

    return make


async def test_what_the_lead_was_sent_counts_for_the_customer(
    deliver, introduce, registered, send, run_job, published, noon
):
    lead_id, customer_id = await introduce(party_kind="lead"), await introduce()
    await send(lead_id)
    await send(lead_id)
    await run_job("send_due_messages", now=noon)
    await deliver(registered(lead_id, customer_id))
    for _ in range(3):
        await send(customer_id)

    await run_job("send_due_messages", now=noon)

    sent = [e.party_id for e in await published() if isinstance(e, MessageSent)]
    assert sent == [lead_id, lead_id, customer_id]


async def test_both_parties_share_what_is_left(deliver, introduce, registered, send, run_job, published, noon):
    lead_id, customer_id = await introduce(party_kind="lead"), await introduce()
    await deliver(registered(lead_id, customer_id))
    for _ in range(4):
        await send(lead_id)
        await send(customer_id)

    await run_job("send_due_messages", now=noon)

    assert len([e for e in await published() if isinstance(e, MessageSent)]) == 3


async def test_the_link_may_come_before_either_contact(deliver, introduce, registered, send, run_job, published, noon):
    lead_id, customer_id = uuid7(), uuid7()
    await deliver(registered(lead_id, customer_id))
    await introduce(lead_id, party_kind="lead")
    await introduce(customer_id)
    for _ in range(2):
        await send(lead_id)
        await send(customer_id)

    await run_job("send_due_messages", now=noon)

    assert len([e for e in await published() if isinstance(e, MessageSent)]) == 3


async def test_a_lead_that_is_only_known_by_its_link_cannot_be_written_to_yet(
    deliver, registered, send, run_job, messages_of, noon
):
    lead_id = uuid7()
    await deliver(registered(lead_id, uuid7()))
    await send(lead_id)

    await run_job("send_due_messages")

    (message,) = await messages_of(lead_id)
    assert (message["state"], message["reason"]) == ("waiting", "no_contact")


async def test_the_same_link_again_moves_nothing(deliver, introduce, registered, send, run_job, client, no_quiet_hours):
    lead_id, customer_id = await introduce(party_kind="lead"), await introduce()
    await send(lead_id)
    await run_job("send_due_messages")

    await deliver(registered(lead_id, customer_id))
    await deliver(registered(lead_id, customer_id))

    for party_id in (lead_id, customer_id):
        budget = (await client.get(f"/v1/parties/{party_id}/contact-budget")).json()
        assert (budget["person_id"], budget["used"], budget["left"]) == (str(customer_id), 1, 2)


async def test_who_agrees_again_after_a_refusal_is_written_to_again(
    deliver, introduce, contact, send, run_job, messages_of, anonymous, noon
):
    party_id = await introduce()
    await send(party_id)
    await run_job("send_due_messages", now=noon)
    (first,) = await messages_of(party_id)
    await anonymous.post(first["unsubscribe_url"].partition("/notification-service")[2])
    no, yes = ([Consent(purpose="marketing", channel="sms", granted=granted)] for granted in (False, True))

    await deliver(contact(party_id, sequence=2), contact(party_id, sequence=3, consents=no))
    await deliver(contact(party_id, sequence=4, consents=yes))

    await send(party_id)
    await run_job("send_due_messages", now=noon)
    assert (await messages_of(party_id))[0]["state"] == "sent"


async def test_a_contact_that_still_says_yes_does_not_undo_an_unsubscription(
    introduce, send, run_job, messages_of, anonymous, noon
):
    party_id = await introduce()
    await send(party_id)
    await run_job("send_due_messages", now=noon)
    (first,) = await messages_of(party_id)
    await anonymous.post(first["unsubscribe_url"].partition("/notification-service")[2])
    await introduce(party_id, sequence=2, name="李雷雷")
    await send(party_id)

    await run_job("send_due_messages", now=noon)

    assert (await messages_of(party_id))[0]["reason"] == "unsubscribed"
