"""Winning a lead, and undoing it while the day lasts."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from lead_service.domain.errors import CancellationTooLate, NotWon, ReferralKnown
from lead_service.domain.interest import folded
from lead_service.domain.lead import Lead
from lead_service.domain.stage import Stage

LONGEST_UNDO_HOURS = 720


class Powertrain(StrEnum):
    """What drives the car."""

    PETROL = "petrol"
    DIESEL = "diesel"
    HYBRID = "hybrid"
    ELECTRIC = "electric"


class CancelReason(StrEnum):
    """Why a sale is undone."""

    CUSTOMER_WITHDREW = "customer_withdrew"
    FINANCE_REFUSED = "finance_refused"
    NOT_DELIVERED = "not_delivered"
    WRONG_ENTRY = "wrong_entry"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SalePolicy:
    """How long a sale can be undone, counted from when it was recorded; 0 is never.

    Raises:
        ValueError: the hours are outside their bounds.
    """

    cancel_within_hours: int = 24

    def __post_init__(self) -> None:
        if not 0 <= self.cancel_within_hours <= LONGEST_UNDO_HOURS:
            raise ValueError(f"cancel_within_hours lies between 0 and {LONGEST_UNDO_HOURS}")

    def cancellable_until(self, won_at: datetime) -> datetime:
        """The last instant at which a sale recorded at `won_at` can be undone."""
        return won_at + timedelta(hours=self.cancel_within_hours)


@dataclass(frozen=True, slots=True)
class TradeIn:
    """The buyer's old car, taken in part payment (置换)."""

    make: str
    model: str
    vin: str | None
    allowance_cents: int


@dataclass(frozen=True, slots=True)
class Finance:
    """The credit that pays for a part of the price (金融)."""

    lender: str
    amount_cents: int
    months: int


@dataclass(frozen=True, slots=True)
class Sale:
    """The car that was bought, and how it is paid. `odometer_km` is what it showed at hand-over."""

    vin: str
    make: str
    model: str
    trim: str | None
    powertrain: Powertrain
    price_cents: int
    odometer_km: int
    sold_at: datetime
    trade_in: TradeIn | None = None
    finance: Finance | None = None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Why a sale was undone, when and by whom."""

    reason: CancelReason
    note: str | None
    cancelled_by: str
    cancelled_at: datetime


@dataclass(frozen=True, slots=True)
class RecordedSale:
    """A lead's sale number `number`, from 1, with the stage it was made at and the event that told it.

    Stage and event are not known of sales from before they could be undone.
    """

    number: int
    sale: Sale
    stage: Stage | None
    won_at: datetime | None
    won_event_id: UUID | None
    cancellation: Cancellation | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """A sale that was undone: what it goes back to."""

    record: RecordedSale
    won_event_id: UUID
    stage: Stage
    cancellation: Cancellation


def refer(lead: Lead, referral_code: str | None) -> Lead:
    """The lead with the member's code (老带新) that the buyer named; the one it came with stands.

    Raises:
        ReferralKnown: it came with another.
    """
    if referral_code is None or lead.referral_code is None:
        return replace(lead, referral_code=lead.referral_code or referral_code)
    if folded(referral_code) != folded(lead.referral_code):
        raise ReferralKnown(lead.id)
    return lead


def cancel(lead: Lead, record: RecordedSale | None, cancellation: Cancellation, policy: SalePolicy) -> Undone:
    """What undoing the lead's sale goes back to.

    Raises:
        NotWon: the lead is not won.
        CancellationTooLate: the time to undo it has passed.
    """
    if lead.stage is not Stage.WON or record is None:
        raise NotWon(lead.id, lead.stage)
    if record.won_at is None or record.won_event_id is None or record.stage is None:
        raise CancellationTooLate(lead.id, policy.cancel_within_hours)
    if cancellation.cancelled_at > policy.cancellable_until(record.won_at):
        raise CancellationTooLate(lead.id, policy.cancel_within_hours)
    return Undone(replace(record, cancellation=cancellation), record.won_event_id, record.stage, cancellation)
