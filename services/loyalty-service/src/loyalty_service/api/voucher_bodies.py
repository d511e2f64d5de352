"""What is shown of vouchers and rewards."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from baoke_chassis.bodies import Reply

from loyalty_service.domain.vouchers import Voucher, VoucherSource, VoucherState

SHOWN_OF_A_MASKED_CODE = 4


class VoucherOut(Reply):
    """A right to one reward. Who knows the code can use it, once."""

    voucher_id: UUID
    customer_id: UUID
    code: str
    """Masked where the caller may not use it."""
    kind: str
    value_cents: int
    currency: str
    state: VoucherState
    source: VoucherSource
    source_id: UUID
    """The redemption or referral it was issued for."""
    issued_at: datetime
    expires_on: date
    """The last day on which it can be used."""
    redeemed_at: datetime | None
    redeemed_by: str | None

    @classmethod
    def of(cls, voucher: Voucher, *, on: date, with_code: bool = True) -> Self:
        """The voucher as it is on a day of the dealer's calendar."""
        return cls(
            voucher_id=voucher.id,
            customer_id=voucher.customer_id,
            code=voucher.code if with_code else _masked(voucher.code),
            kind=voucher.worth.kind,
            value_cents=voucher.worth.value_cents,
            currency=voucher.worth.currency,
            state=voucher.state_on(on),
            source=voucher.source,
            source_id=voucher.source_id,
            issued_at=voucher.issued_at,
            expires_on=voucher.expires_on,
            redeemed_at=voucher.redeemed_at,
            redeemed_by=voucher.redeemed_by,
        )


class RewardOut(Reply):
    """Something points buy."""

    reward_id: str
    name_zh: str
    name_en: str
    points: int
    kind: str
    value_cents: int
    currency: str


def _masked(code: str) -> str:
    return code[-SHOWN_OF_A_MASKED_CODE:].rjust(len(code), "*")
