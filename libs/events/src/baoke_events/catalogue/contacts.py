"""`baoke.contacts`: how to reach a party. Key: the party. Compacted; the only topic with personal data."""

from uuid import UUID

from baoke_events.event import Event, Fact, Text, Word

COMPACTED = frozenset({"baoke.contacts"})
"""Topics that keep the latest record of each key, and forget the versions before it."""


class Consent(Fact):
    """What the party agreed to be told, and where."""

    purpose: Word
    """service or marketing."""
    channel: Word
    """sms, email, push or wecom."""
    granted: bool


class ContactChanged(
    Event,
    type="baoke.contact.changed.v1",
    topic="baoke.contacts",
    key="party_id",
    publishers=("lead-service", "customer-service"),
):
    """The whole of what is known of reaching a party; replaces what was said before.

    lead-service speaks for leads, customer-service for customers.
    An erased party's record is a tombstone: the key without a value.
    """

    party_id: UUID
    party_kind: Word
    """lead or customer."""
    name: Text
    phone: Text | None = None
    """E.164."""
    phone_is_relay: bool = False
    """A relay number (隐私号) reaches the person for a while and identifies nobody."""
    email: Text | None = None
    wecom_id: Text | None = None
    locale: Text = "zh-CN"
    time_zone: Text = "Asia/Shanghai"
    consents: tuple[Consent, ...] = ()
