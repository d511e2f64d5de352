"""What an ADF document says, as values. Everything a sender may leave out is optional here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Whether the sender has sent this prospect before."""

    NEW = "new"
    RESEND = "resend"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A part of the document that could not be used: where, what it said, and why."""

    path: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Id:
    """A prospect's id in one of the systems it went through."""

    value: str
    sequence: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """An amount of money. A price is a quote, offer, msrp, invoice, call, appraisal or asking one.

    `currency` is of ISO 4217, in capitals; None where neither an attribute nor a sign before the number says it.
    """

    amount: float
    kind: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Colours:
    """A combination of colours that the customer likes."""

    interior: str | None = None
    exterior: str | None = None


@dataclass(frozen=True, slots=True)
class Finance:
    """How the customer wants to pay; an amount is a downpayment, monthly or total one."""

    method: str | None = None
    amounts: Sequence[Price] = ()
    balance: Price | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A car the customer wants to buy, lease, sell, trade-in or test-drive, however the sender spells that.

    `details` are further elements of ADF by their names: doors, bodystyle, transmission, condition, pricecomments.
    """

    interest: str = "buy"
    status: str = "new"
    year: int | None = None
    make: str | None = None
    model: str | None = None
    vin: str | None = None
    stock: str | None = None
    trim: str | None = None
    odometer: int | None = None
    odometer_unit: str | None = None
    odometer_status: str | None = None
    colours: Sequence[Colours] = ()
    prices: Sequence[Price] = ()
    options: Sequence[str] = ()
    finance: Finance = Finance()
    details: Mapping[str, str] = field(default_factory=dict)
    comments: str | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it was written."""

    number: str
    kind: str | None = None
    time: str | None = None
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address."""

    street: Sequence[str] = ()
    apartment: str | None = None
    city: str | None = None
    region_code: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who can be reached. `name` is whole, however many parts it came in."""

    name: str | None = None
    emails: Sequence[str] = ()
    phones: Sequence[Phone] = ()
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """Who asks, by when they want to decide (`earliest`, `latest` as they are written), and what they say."""

    contact: Contact
    timeframe: str | None = None
    earliest: str | None = None
    latest: str | None = None
    comments: str | None = None


@dataclass(frozen=True, slots=True)
class Vendor:
    """The dealer or store that the prospect is for."""

    id: str | None = None
    name: str | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """Who sends the prospect."""

    id: str | None = None
    name: str | None = None
    service: str | None = None
    url: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """One customer's request, and what of it was dropped."""

    status: Status
    ids: Sequence[Id]
    requested_at: datetime | None
    vehicles: Sequence[Vehicle]
    customer: Customer
    vendor: Vendor
    provider: Provider
    dropped: Sequence[Dropped] = ()


@dataclass(frozen=True, slots=True)
class Adf:
    """A document: its prospects in order, and what was dropped outside of them."""

    prospects: Sequence[Prospect]
    dropped: Sequence[Dropped] = ()
