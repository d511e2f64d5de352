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


def require_valid(signal: MarketSignal, *, today: date) -> None:
    """Let a signal pass that still holds today, at the dealer's.

    Raises:
        SignalExpired: its last day was before.
    """
    if signal.valid_until is not None and signal.valid_until < today:
        raise SignalExpired(signal.valid_until)
