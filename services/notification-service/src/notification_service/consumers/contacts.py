"""`baoke.contacts`: how parties can be reached."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from baoke_events import Consent, ContactChanged
from baoke_events.consuming import Subscriptions
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.record_contacts import record_contacts
from notification_service.domain.parties import Contact, Permission

subscriptions = Subscriptions()


@subscriptions.on(ContactChanged)
async def remember_contacts(session: AsyncSession, events: Sequence[ContactChanged], *, now: datetime) -> None:
    """Know how to reach the parties, and what they agreed to."""
    await record_contacts(session, [_contact(event) for event in events])


def _contact(event: ContactChanged) -> Contact:
    return Contact(
        dealer_id=event.dealer_id,
        party_id=event.party_id,
        party_kind=event.party_kind,
        sequence=event.sequence,
        name=event.name,
        phone=event.phone,
        email=event.email,
        locale=event.locale,
        time_zone=event.time_zone,
        granted=_permissions(c for c in event.consents if c.granted),
        refused=_permissions(c for c in event.consents if not c.granted),
    )


def _permissions(consents: Iterable[Consent]) -> frozenset[Permission]:
    return frozenset(Permission(consent.purpose, consent.channel) for consent in consents)
