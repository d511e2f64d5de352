"""A voucher is used at the desk."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db import vouchers as db_vouchers
from loyalty_service.domain.codes import as_typed
from loyalty_service.domain.errors import VoucherNotFound
from loyalty_service.domain.policy import LoyaltyPolicy
from loyalty_service.domain.vouchers import Voucher, use


@dataclass(frozen=True, slots=True)
class RedeemVoucher:
    """Use the voucher with this code, as somebody typed it."""

    dealer_id: UUID
    code: str
    by: str


async def redeem_voucher(session: AsyncSession, command: RedeemVoucher, *, now: datetime) -> Voucher:
    """The voucher is used, and cannot be again.

    Raises:
        VoucherNotFound: nobody at this dealer has such a voucher.
        VoucherRedeemed: it was used before.
        VoucherExpired: its last day is over.
    """
    voucher = await db_vouchers.lock(session, command.dealer_id, as_typed(command.code))
    if voucher is None:
        raise VoucherNotFound
    policy = await rules_of(session, command.dealer_id, LoyaltyPolicy)
    used = use(voucher, by=command.by, at=now, time_zone=policy.time_zone)
    await db_vouchers.save_use(session, used)
    return used
