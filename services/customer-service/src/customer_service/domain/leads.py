"""What a lead tells us before it is a customer: how to reach it, and what it bought. In any order."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customer_service.domain.consents import Statement
from customer_service.domain.customers import Contact, Key


@dataclass(frozen=True, slots=True)
class LeadContact:
    """How to reach a lead and what it agreed to; replaces what was said with a lower sequence."""

    dealer_id: UUID
    lead_id: UUID
    sequence: int
    stated_at: datetime
    contact: Contact
    consents: tuple[tuple[str, str, bool], ...]
    """Purpose, channel and whether it was granted."""

    @property
    def key(self) -> Key:
        """The dealer and the lead."""
        return self.dealer_id, self.lead_id


@dataclass(frozen=True, slots=True)
class Sale:
    """The car a lead bought."""

    dealer_id: UUID
    lead_id: UUID
    store_id: UUID
    vin: str
    make: str
    model: str
    trim: str | None
    powertrain: str
    odometer_km: int
    sold_at: datetime
    sale_number: int = 1
    """Which sale of the lead: one that was undone may be followed by another."""
    trade_in_vin: str | None = None
    """The car that the buyer gave in payment (置换)."""

    @property
    def key(self) -> Key:
        """The dealer and the lead."""
        return self.dealer_id, self.lead_id


@dataclass(frozen=True, slots=True)
class UndoneSale:
    """A sale of a lead that was undone, and why."""

    dealer_id: UUID
    lead_id: UUID
    sale_number: int
    reason: str
    causation_id: UUID

    @property
    def key(self) -> Key:
        """The dealer and the lead."""
        return self.dealer_id, self.lead_id


@dataclass(frozen=True, slots=True)
class OptOut:
    """A party's withdrawal of a purpose on a channel."""

    dealer_id: UUID
    party_id: UUID
    purpose: str
    channel: str
    how: str
    stated_at: datetime

    @property
    def key(self) -> Key:
        """The dealer and the party."""
        return self.dealer_id, self.party_id

    @property
    def statement(self) -> Statement:
        """The withdrawal as a statement about consent."""
        return Statement(self.purpose, self.channel, False, None, self.how, self.stated_at)


@dataclass(frozen=True, slots=True)
class Buyer:
    """A lead of whom both is known."""

    contact: LeadContact
    sale: Sale
    customer_id: UUID | None = None
    """The customer the lead is already: by an earlier sale, which was undone."""

    @property
    def key(self) -> Key:
        """The dealer and the lead."""
        return self.sale.key

    @property
    def statements(self) -> list[Statement]:
        """What the lead agreed to, as statements of a customer."""
        at = self.contact.stated_at
        return [
            Statement(purpose, channel, granted, None, "lead", at)
            for purpose, channel, granted in self.contact.consents
        ]
