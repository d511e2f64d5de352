"""Rewards, and the vouchers they are issued as."""

from typing import Annotated
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Path

from loyalty_service.api.callers import Reader, Writer, sees_codes
from loyalty_service.api.voucher_bodies import RewardOut, VoucherOut
from loyalty_service.commands.redeem_voucher import RedeemVoucher, redeem_voucher
from loyalty_service.db import vouchers
from loyalty_service.domain.calendar import local_day
from loyalty_service.domain.policy import LoyaltyPolicy

router = Router(prefix="/v1", tags=["rewards"])

Code = Annotated[str, Path(max_length=40, description="as on the voucher; any case, hyphens and spaces allowed")]


@router.get("/rewards")
async def list_rewards(
    caller: Reader, session: Transaction, paging: Annotated[Paging, Depends(Paging)]
) -> Page[RewardOut]:
    """What the dealer's points buy, by name."""
    policy = await rules_of(session, caller.dealer_id, LoyaltyPolicy)
    after = paging.after_one(str)
    rewards = sorted(policy.rewards, key=lambda reward: reward.reward_id)
    rest = [RewardOut.model_validate(each) for each in rewards if after is None or each.reward_id > after]
    return paging.page(rest, cursor=lambda reward: [reward.reward_id])


@router.get("/vouchers")
async def list_vouchers(
    customer_id: UUID, caller: Reader, session: Transaction, paging: Annotated[Paging, Depends(Paging)]
) -> Page[VoucherOut]:
    """A customer's vouchers, newest first. A code is shown to those who may use it."""
    now = utc_now()
    policy = await rules_of(session, caller.dealer_id, LoyaltyPolicy)
    rows = await vouchers.page(
        session, caller.dealer_id, customer_id, below=paging.after_one(UUID), limit=paging.limit + 1
    )
    page = paging.page(rows, cursor=lambda voucher: [voucher.id])
    today, with_code = local_day(now, policy.time_zone), sees_codes(caller)
    return page.showing(lambda voucher: VoucherOut.of(voucher, on=today, with_code=with_code))


@router.post("/vouchers/{code}/redeem")
async def use_voucher(code: Code, caller: Writer, session: Transaction) -> VoucherOut:
    """Take a voucher in at the desk. A voucher is used once, through its last day."""
    now = utc_now()
    used = await redeem_voucher(session, RedeemVoucher(caller.dealer_id, code, caller.subject), now=now)
    policy = await rules_of(session, caller.dealer_id, LoyaltyPolicy)
    return VoucherOut.of(used, on=local_day(now, policy.time_zone))
