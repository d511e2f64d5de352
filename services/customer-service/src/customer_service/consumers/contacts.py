"""How to reach leads, from lead-service."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import ContactChanged
from baoke_events.consuming import Subscriptions
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.register_buyers import note_contacts
from customer_service.domain.customers import Contact
from customer_service.domain.leads import LeadContact

subscriptions = Subscriptions()


@subscriptions.on(ContactChanged)
async def take_down_lead_contacts(session: AsyncSession, events: Sequence[ContactChanged], *, now: datetime) -> None:
    """Know how to reach leads for the day they buy. What is said of customers is our own word."""
    of_leads = [event for event in events if event.party_kind == "lead"]
    if of_leads:
        answers = {(event.dealer_id, event.party_id): event.id for event in of_leads}
        await note_contacts(session, [_lead_contact(event) for event in of_leads], answers, now=now)


def _lead_contact(event: ContactChanged) -> LeadContact:
    contact = Contact(
        event.name,
        event.phone,
        event.phone_is_relay,
        event.email,
        event.wecom_id,
        event.locale,
        event.time_zone,
    )
    consents = tuple((consent.purpose, consent.channel, consent.granted) for consent in event.consents)
    return LeadContact(event.dealer_id, event.party_id, event.sequence, event.occurred_at, contact, consents)
