"""Whom we can reach, where, and what they agreed to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from notification_service.domain.local_time import DEFAULT_ZONE, zone_of
from notification_service.domain.messages import Channel

DEFAULT_LOCALE = "zh-CN"


class Permission(NamedTuple):
    """A purpose on a channel, such as marketing by SMS: what consent is given, refused and withdrawn for."""

    purpose: str
    channel: str


class PartyKey(NamedTuple):
    """A lead or a customer of one dealer group."""

    dealer_id: UUID
    party_id: UUID


class PersonKey(NamedTuple):
    """The person behind one or more parties of one dealer group."""

    dealer_id: UUID
    person_id: UUID


class Link(NamedTuple):
    """A lead turned out to be this person."""

    party: PartyKey
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Contact:
    """The newest word on how to reach a party."""

    dealer_id: UUID
    party_id: UUID
    party_kind: str
    sequence: int
    name: str
    phone: str | None = None
    email: str | None = None
    locale: str = DEFAULT_LOCALE
    time_zone: str = DEFAULT_ZONE
    granted: frozenset[Permission] = field(default_factory=frozenset)
    refused: frozenset[Permission] = field(default_factory=frozenset)

    @property
    def key(self) -> PartyKey:
        """Whose contact it is."""
        return PartyKey(self.dealer_id, self.party_id)

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose clock and calendar hold for this party."""
        return zone_of(self.time_zone)

    def address(self, channel: Channel) -> str | None:
        """Where the channel reaches the party; none where it does not."""
        return (self.phone if channel is Channel.SMS else self.email) or None


@dataclass(frozen=True, slots=True)
class Party:
    """A lead or customer who can be reached, and the person they are.

    A lead who became a customer is one person with them: caps and unsubscriptions go by `person_id`.
    """

    contact: Contact
    person_id: UUID

    @property
    def person(self) -> PersonKey:
        """Who the party is."""
        return PersonKey(self.contact.dealer_id, self.person_id)


def newest(contacts: Iterable[Contact]) -> dict[PartyKey, Contact]:
    """The contact with the highest sequence of each party; of equals the later one."""
    found: dict[PartyKey, Contact] = {}
    for contact in contacts:
        known = found.get(contact.key)
        if known is None or known.sequence <= contact.sequence:
            found[contact.key] = contact
    return found


def granted_anew(before: Contact, after: Contact) -> frozenset[Permission]:
    """What the party had refused and agrees to again.

    Only such a change of mind lifts an unsubscription. A contact that still says "granted"
    after one may simply have been on its way when the party unsubscribed.
    """
    return before.refused & after.granted
