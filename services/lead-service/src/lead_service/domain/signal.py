"""Market signals: what changed that may answer why leads were lost."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lead_service.domain.errors import SignalExpired
from lead_service.domain.interest import folded, model_key


class SignalKind(StrEnum):
    """The kinds of change."""

    PRICE_CUT = "price_cut"
    OFFER = "offer"
    STOCK_ARRIVAL = "stock_arrival"
    LAUNCH = "launch"
    COMPETITOR_CHANGE = "competitor_change"
    CARE = "care"
    """No change at all: the clock says that it is time for a greeting."""


class SignalState(StrEnum):
    """How a signal stands: whether leads are still approached with it."""

    MATCHING = "matching"
    MATCHED = "matched"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class MarketSignal:
    """A change on the market that concerns one model, or one trim of it. Prices are in fen."""

    id: UUID
    dealer_id: UUID
    kind: SignalKind
    make: str
    model: str
    trim: str | None
    price_from_cents: int | None
    price_to_cents: int | None
    competitor: str | None
    valid_until: date | None
    note: str | None
    received_at: datetime

    @property
    def difference_cents(self) -> int | None:
        """How much less the car costs now; None where the price did not fall."""
        if self.price_from_cents is None or self.price_to_cents is None:
            return None
        return max(self.price_from_cents - self.price_to_cents, 0) or None

    @property
    def fingerprint(self) -> str:
        """The same for two signals that say the same, whatever their spelling, note and time."""
        said = (
            self.kind,
            model_key(self.make, self.model),
            folded(self.trim or ""),
            self.price_from_cents,
            self.price_to_cents,
            folded(self.competitor or ""),
            self.valid_until.isoformat() if self.valid_until else None,
        )
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def care_round(signal_id: UUID, dealer_id: UUID, *, today: date, at: datetime) -> MarketSignal:
    """The day's greetings by the clock, of which there are one lot a dealer: they concern no model."""
    return MarketSignal(signal_id, dealer_id, SignalKind.CARE, "", "", None, None, None, None, today, None, at)


def require_valid(signal: MarketSignal, *, today: date) -> None:
    """Let a signal pass that still holds today, at the dealer's.

    Raises:
        SignalExpired: its last day was before.
    """
    if signal.valid_until is not None and signal.valid_until < today:
        raise SignalExpired(signal.valid_until)


def has_expired(signal: MarketSignal, *, today: date) -> bool:
    """Whether the signal's last day has passed."""
    return signal.valid_until is not None and signal.valid_until < today


def state_of(signal: MarketSignal, *, is_matched: bool, is_withdrawn: bool, today: date) -> SignalState:
    """How the signal stands on this day of the dealer's."""
    if is_withdrawn:
        return SignalState.WITHDRAWN
    if has_expired(signal, today=today):
        return SignalState.EXPIRED
    return SignalState.MATCHED if is_matched else SignalState.MATCHING


def field_errors(
    kind: SignalKind,
    *,
    price_from_cents: int | None,
    price_to_cents: int | None,
    competitor: str | None,
    valid_until: date | None,
) -> dict[str, str]:
    """What a signal of this kind lacks, or says that makes no sense: a sentence by the name of the field.

    What changed must be there to be told: by how much the price fell, how long the offer holds, who the competitor is.
    """
    wrong = {}
    if kind is SignalKind.CARE:
        wrong["kind"] = "care is what the clock starts, no change on the market"
    if kind is SignalKind.PRICE_CUT:
        if price_from_cents is None:
            wrong["price_from_cents"] = "a price cut says what the car cost before"
        if price_to_cents is None:
            wrong["price_to_cents"] = "a price cut says what the car costs now"
        elif price_from_cents is not None and price_from_cents <= price_to_cents:
            wrong["price_to_cents"] = "a price cut goes down: price_to_cents must be below price_from_cents"
    if kind is SignalKind.OFFER and valid_until is None:
        wrong["valid_until"] = "an offer says until when it holds"
    if kind is SignalKind.COMPETITOR_CHANGE and competitor is None:
        wrong["competitor"] = "a competitor's change says whose it is"
    return wrong
