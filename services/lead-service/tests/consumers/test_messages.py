from uuid import uuid4

import pytest
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import DEALER, OTHER_DEALER
from baoke_events import ContactChanged, Unsubscribed


@pytest.fixture
def unsubscribed():
    def unsubscribed_(party_id, *, dealer_id=DEALER, purpose="marketing", channel="sms"):
        return Unsubscribed(
            dealer_id=dealer_id,
            occurred_at=utc_now(),
            party_id=party_id,
            purpose=purpose,
            channel=channel,
            how="one_click",
        )

    return unsubscribed_


async def test_a_person_who_unsubscribes_has_no_consent_any_more(capture, deliver, unsubscribed, published, client):
    consents = [{"purpose": purpose, "channel": "sms", "granted": True} for purpose in ("marketing", "service")]
    lead_id = await capture(contact={"consents": consents})
    event = unsubscribed(lead_id)

    await deliver(event)

    changed = (await published())[-1]
    assert isinstance(changed, ContactChanged)
    assert {(c.purpose, c.channel): c.granted for c in changed.consents} == {
        ("marketing", "sms"): False,
        ("service", "sms"): True,
    }
    assert (changed.party_id, changed.causation_id) == (lead_id, event.id)
    shown = (await client.get(f"/v1/leads/{lead_id}")).json()["consents"]
    assert [consent["granted"] for consent in shown] == [False, True]


async def test_the_event_delivered_three_times_is_told_once(capture, deliver, unsubscribed, published):
    event = unsubscribed(await capture())
    for _ in range(3):
        await deliver(event)
    await deliver(unsubscribed(event.party_id))

    assert len([fact for fact in await published() if isinstance(fact, ContactChanged)]) == 2


async def test_a_batch_of_many_parties_changes_each_lead_once(capture, deliver, unsubscribed, published):
    first, second = await capture(), await capture()
    told = len(await published())

    await deliver(
        unsubscribed(second),
        unsubscribed(first),
        unsubscribed(first, channel="email"),
        unsubscribed(uuid4()),
        unsubscribed(first, dealer_id=OTHER_DEALER, purpose="service"),
    )

    changed = {fact.party_id: fact for fact in (await published())[told:]}
    assert set(changed) == {first, second}
    assert [(c.purpose, c.channel, c.granted) for c in changed[first].consents] == [
        ("marketing", "email", False),
        ("marketing", "sms", False),
    ]


async def test_a_purpose_or_channel_of_a_newer_publisher_changes_nothing(capture, deliver, unsubscribed, published):
    lead_id = await capture()
    told = await published()

    await deliver(unsubscribed(lead_id, purpose="research"), unsubscribed(lead_id, channel="pigeon"))

    assert await published() == told
