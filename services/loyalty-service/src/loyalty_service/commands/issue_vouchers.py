"""Vouchers are made, each with a code that cannot be guessed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events import RewardIssued
from baoke_events.event import Event
from baoke_events.ids import uuid7
from baoke_events.origin import Origin
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.envelopes import envelope
from loyalty_service.db import vouchers as db_vouchers
from loyalty_service.domain.codes import VOUCHER_CODE_BITS, spell
from loyalty_service.domain.policy import LoyaltyPolicy
from loyalty_service.domain.vouchers import Voucher, VoucherSource, Worth, last_day


@dataclass(frozen=True, slots=True)
class IssueVoucher:
    """Give a customer a voucher for one redemption or referral."""

    dealer_id: UUID
    customer_id: UUID
    worth: Worth
    source: VoucherSource
    source_id: UUID
    origin: Origin


async def issue_vouchers(
    session: AsyncSession, commands: Sequence[IssueVoucher], *, now: datetime
) -> tuple[list[Voucher], list[Event]]:
    """The vouchers are their customers', good from now on; return them and `RewardIssued` for each.

    Who has used one for the same thing gets no other: a reward that was clawed back after its voucher was used.
    """
    if not commands:
        return [], []
    policies = await policy_of(session, {c.dealer_id for c in commands}, LoyaltyPolicy)
    vouchers = [_voucher(c, policies[c.dealer_id], now) for c in commands]
    stories = {voucher.id: c.origin for voucher, c in zip(vouchers, commands, strict=True)}
    new = await db_vouchers.add(session, vouchers)
    return new, [_issued(voucher, stories[voucher.id]) for voucher in new]


def _voucher(command: IssueVoucher, policy: LoyaltyPolicy, now: datetime) -> Voucher:
    return Voucher(
        id=uuid7(),
        dealer_id=command.dealer_id,
        customer_id=command.customer_id,
        code=spell(secrets.randbits(VOUCHER_CODE_BITS), VOUCHER_CODE_BITS),
        worth=command.worth,
        source=command.source,
        source_id=command.source_id,
        issued_at=now,
        expires_on=last_day(now, policy),
    )


def _issued(voucher: Voucher, origin: Origin) -> RewardIssued:
    return RewardIssued(
        **envelope(voucher.dealer_id, origin, voucher.issued_at),
        customer_id=voucher.customer_id,
        voucher_id=voucher.id,
        kind=voucher.worth.kind,
        value_cents=voucher.worth.value_cents,
        currency=voucher.worth.currency,
        expires_on=voucher.expires_on,
    )
