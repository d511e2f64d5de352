"""Vouchers: a bearer's right to one reward, once."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from loyalty_service.domain.calendar import local_day, months_after
from loyalty_service.domain.errors import VoucherExpired, VoucherRedeemed, VoucherVoid
from loyalty_service.domain.policy import LoyaltyPolicy


class VoucherState(StrEnum):
    """Where a voucher is in its life."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    """Issued and past its last day."""
    VOID = "void"
    """What it was issued for was undone before it was used."""


class VoucherSource(StrEnum):
    """What a voucher was issued for."""

    REDEMPTION = "redemption"
    REFERRAL = "referral"


@dataclass(frozen=True, slots=True)
class Worth:
    """What a voucher is good for."""

    kind: str
    value_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Voucher:
    """One voucher. Who knows `code` can use it."""

    id: UUID
    dealer_id: UUID
    customer_id: UUID
    code: str
    worth: Worth
    source: VoucherSource
    source_id: UUID
    """The redemption or the referral."""
    issued_at: datetime
    expires_on: date
    """The last day on which it can be used."""
    redeemed_at: datetime | None = None
    redeemed_by: str | None = None
    voided_at: datetime | None = None

    def state_on(self, day: date) -> VoucherState:
        """The state on a day of the dealer's calendar."""
        if self.redeemed_at:
            return VoucherState.REDEEMED
        if self.voided_at:
            return VoucherState.VOID
        return VoucherState.EXPIRED if day > self.expires_on else VoucherState.ISSUED


def last_day(issued_at: datetime, policy: LoyaltyPolicy) -> date:
    """The last day of a voucher that is issued now."""
    return months_after(local_day(issued_at, policy.time_zone), policy.voucher_life_months)


def use(voucher: Voucher, *, by: str, at: datetime, time_zone: str) -> Voucher:
    """The voucher after it was used.

    Raises:
        VoucherRedeemed: it was used before.
        VoucherVoid: what it was issued for was undone.
        VoucherExpired: its last day is over.
    """
    if voucher.voided_at:
        raise VoucherVoid(local_day(voucher.voided_at, time_zone).isoformat())
    if voucher.redeemed_at:
        raise VoucherRedeemed(local_day(voucher.redeemed_at, time_zone).isoformat())
    if voucher.state_on(local_day(at, time_zone)) is VoucherState.EXPIRED:
        raise VoucherExpired(voucher.expires_on.isoformat())
    return replace(voucher, redeemed_at=at, redeemed_by=by)
