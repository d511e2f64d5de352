"""Consents given, withdrawn and unsubscribed."""

from datetime import UTC, datetime

from baoke_chassis.access import Role
from baoke_chassis.testing import DEALER
from baoke_events import Consent, ContactChanged, Unsubscribed
from sqlalchemy import text

GRANT = {"purpose": "marketing", "channel": "sms", "granted": True, "wording_version": "v1"}


async def test_consents_are_taken_down_published_and_kept_as_history(client, register, published, session):
    customer_id = await register()
    route = f"/v1/customers/{customer_id}/consents"

    await client.put(route, json=[GRANT, {**GRANT, "channel": "email"}])
    await client.put(route, json=[GRANT])
    response = await client.put(route, json=[{**GRANT, "granted": False, "wording_version": None}])

    assert response.status_code == 200
    assert [(c["channel"], c["granted"], c["source"]) for c in response.json()["consents"]] == [
        ("email", True, "staff"),
        ("sms", False, "staff"),
    ]
    contacts = [event for event in await published() if isinstance(event, ContactChanged)]
    assert [len(event.consents) for event in contacts] == [0, 2, 2]
    assert contacts[-1].consents == (
        Consent(purpose="marketing", channel="email", granted=True),
        Consent(purpose="marketing", channel="sms", granted=False),
    )
    kept = await session.execute(text("SELECT channel, granted FROM consent_statement ORDER BY stated_at, channel"))
    assert [tuple(row) for row in kept] == [("email", True), ("sms", True), ("sms", False)]


async def test_an_unsubscription_withdraws_that_purpose_on_that_channel_once(deliver, client, register, published):
    customer_id = await register(consents=[GRANT, {**GRANT, "purpose": "service"}])
    event = Unsubscribed(
        dealer_id=DEALER,
        occurred_at=datetime.now(UTC),
        party_id=customer_id,
        purpose="marketing",
        channel="sms",
        how="sms_reply",
    )

    await deliver(event, event)
    await deliver(event.model_copy(update={"id": customer_id}))

    told = [e for e in await published() if isinstance(e, ContactChanged)]
    assert len(told) == 2
    assert told[-1].causation_id == event.id
    assert {(c.purpose, c.granted) for c in told[-1].consents} == {("marketing", False), ("service", True)}
    shown = (await client.get(f"/v1/customers/{customer_id}")).json()["consents"]
    assert [(c["purpose"], c["granted"], c["source"]) for c in shown] == [
        ("marketing", False, "sms_reply"),
        ("service", True, "registration"),
    ]


async def test_the_list_is_checked_and_auditors_change_nothing(client, client_as, register):
    route = f"/v1/customers/{await register()}/consents"

    assert (await client.put(route, json=[])).status_code == 422
    assert (await client.put(route, json=GRANT)).status_code == 422
    assert (await client.put(route, json=[{**GRANT, "wording_version": None}])).status_code == 422
    assert (await client_as(Role.AUDITOR).put(route, json=[GRANT])).status_code == 403
