"""What lead- and customer-service tell of contacts. A phone is hashed here and goes no further."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import ContactChanged
from baoke_events.consuming import Subscriptions, origin_of
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.note_contacts import NoteContact, note_contacts
from loyalty_service.domain.phones import phone_hash


def subscriptions(phone_key: SecretStr) -> Subscriptions:
    """The contact handler, which knows phones by their hash under this key."""
    heard = Subscriptions()
    key = phone_key.get_secret_value().encode()

    @heard.on(ContactChanged)
    async def learn_phones(session: AsyncSession, events: Sequence[ContactChanged], *, now: datetime) -> None:
        """Keep the hashes of the phones of leads and customers."""
        contacts = [NoteContact(e.dealer_id, e.party_id, _hash(key, e), origin_of(e.id)) for e in events]
        await note_contacts(session, contacts, now=now)

    return heard


def _hash(key: bytes, contact: ContactChanged) -> bytes | None:
    """None where there is no number, or one that identifies nobody."""
    if contact.phone is None or contact.phone_is_relay:
        return None
    return phone_hash(key, contact.dealer_id, contact.phone)
