"""Members spend points: on a reward of the programme, or on something agreed at the desk."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_events import PointsRedeemed
from baoke_events.event import Event
from baoke_events.ids import uuid7
from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.envelopes import envelope
from loyalty_service.commands.expire_points import end_due_lots
from loyalty_service.commands.issue_vouchers import IssueVoucher, issue_vouchers
from loyalty_service.db import ledger as db_ledger
from loyalty_service.db import members as db_members
from loyalty_service.domain.errors import MemberNotFound, RewardNotFound
from loyalty_service.domain.ledger import Entry, spend
from loyalty_service.domain.policy import LoyaltyPolicy, Reward
from loyalty_service.domain.vouchers import Voucher, VoucherSource, Worth


@dataclass(frozen=True, slots=True)
class RedeemPoints:
    """Spend points (> 0) on something that is not in the programme's list."""

    dealer_id: UUID
    customer_id: UUID
    points: int
    reason: str
    by: str
    """Who asked for it."""


@dataclass(frozen=True, slots=True)
class RedeemReward:
    """Buy one reward of the programme."""

    dealer_id: UUID
    customer_id: UUID
    reward_id: str
    by: str


@dataclass(frozen=True, slots=True)
class Redemption:
    """What was spent, and the voucher it bought where it bought one."""

    entry: Entry
    voucher: Voucher | None = None


async def redeem_points(session: AsyncSession, command: RedeemPoints, *, now: datetime) -> Redemption:
    """The points are spent, first-expiring first; publish `PointsRedeemed`.

    Raises:
        MemberNotFound: the customer is not a member.
        InsufficientPoints: the member holds fewer points that live.
    """
    entry, events = await _spend(session, command, now=now)
    await publish(session, events)
    return Redemption(entry)


async def redeem_reward(session: AsyncSession, command: RedeemReward, *, now: datetime) -> Redemption:
    """The reward's points are spent and its voucher is the member's; publish both facts.

    Raises:
        MemberNotFound: the customer is not a member.
        RewardNotFound: the programme has no such reward.
        InsufficientPoints: the member holds fewer points than it costs.
    """
    policy = await rules_of(session, command.dealer_id, LoyaltyPolicy)
    reward = _reward(policy, command.reward_id)
    price = RedeemPoints(command.dealer_id, command.customer_id, reward.points, reward.reward_id, command.by)
    entry, spent = await _spend(session, price, now=now)
    order = IssueVoucher(
        command.dealer_id,
        command.customer_id,
        Worth(reward.kind, reward.value_cents, reward.currency),
        VoucherSource.REDEMPTION,
        entry.id,
        Origin.now(),
    )
    [voucher], issued = await issue_vouchers(session, [order], now=now)
    await publish(session, [*spent, *issued])
    return Redemption(entry, voucher)


async def _spend(session: AsyncSession, command: RedeemPoints, *, now: datetime) -> tuple[Entry, list[Event]]:
    """Spend live points only: what is past its end is ended first."""
    key = (command.dealer_id, command.customer_id)
    accounts = await db_members.lock(session, [key])
    if key not in accounts:
        raise MemberNotFound(command.customer_id)
    live = await end_due_lots(session, accounts, now=now)
    posted = spend(live.accounts[key], live.lots[key], command.points, entry_id=uuid7(), reason=command.reason)
    await db_ledger.save(session, [posted], recorded_at=now, recorded_by=command.by)
    redeemed = PointsRedeemed(
        **envelope(command.dealer_id, Origin.now(), now),
        customer_id=command.customer_id,
        redemption_id=posted.entry.id,
        points=command.points,
        reason=command.reason,
        balance=posted.account.balance,
    )
    return posted.entry, [*live.events, redeemed]


def _reward(policy: LoyaltyPolicy, reward_id: str) -> Reward:
    for reward in policy.rewards:
        if reward.reward_id == reward_id:
            return reward
    raise RewardNotFound(reward_id)
