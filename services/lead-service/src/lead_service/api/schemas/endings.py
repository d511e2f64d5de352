"""How leads that ended are shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from baoke_chassis.bodies import Reply

from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.sale import CancelReason, Powertrain, RecordedSale
from lead_service.domain.stage import Stage


class DefeatOut(Reply):
    """Why the lead was lost, and how it stood then."""

    reason: DefeatReason
    competitor: str | None
    note: str | None
    stage: Stage
    """The stage it was lost at."""
    grade: Grade
    defeated_at: datetime


class TradeInOut(Reply):
    """The car that was given in part payment (置换)."""

    make: str
    model: str
    vin: str | None
    allowance_cents: int


class FinanceOut(Reply):
    """The credit that pays for a part of the price (金融)."""

    lender: str
    amount_cents: int
    months: int


class SaleOut(Reply):
    """The car that was bought, and how it is paid."""

    vin: str
    make: str
    model: str
    trim: str | None
    powertrain: Powertrain
    price_cents: int
    odometer_km: int
    sold_at: datetime
    trade_in: TradeInOut | None
    finance: FinanceOut | None


class UndoneSaleOut(SaleOut):
    """A sale that was undone, and why."""

    reason: CancelReason
    note: str | None
    cancelled_by: str
    cancelled_at: datetime

    @classmethod
    def all_of(cls, sales: Sequence[RecordedSale]) -> list[Self]:
        """The same, for the wire."""
        return [
            cls(
                **dict(SaleOut.model_validate(record.sale)),
                reason=record.cancellation.reason,
                note=record.cancellation.note,
                cancelled_by=record.cancellation.cancelled_by,
                cancelled_at=record.cancellation.cancelled_at,
            )
            for record in sales
            if record.cancellation
        ]
