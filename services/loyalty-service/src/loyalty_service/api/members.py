"""Members, their points and their codes."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends

from loyalty_service.api.callers import Reader, Writer
from loyalty_service.api.member_bodies import (
    EntryOut,
    ExpiringOut,
    MemberOut,
    NextTierOut,
    RedemptionIn,
    RedemptionOut,
    ReferralCodeOut,
    TierProgressOut,
)
from loyalty_service.commands.issue_referral_code import issue_referral_code
from loyalty_service.commands.redeem_points import RedeemPoints, RedeemReward, redeem_points, redeem_reward
from loyalty_service.db import activities, awards, ledger, members
from loyalty_service.domain.calendar import local_day
from loyalty_service.domain.errors import MemberNotFound
from loyalty_service.domain.policy import LoyaltyPolicy
from loyalty_service.domain.tiers import next_tier, score_of, window_start

router = Router(prefix="/v1/members", tags=["members"])


@router.get("/{customer_id}")
async def show_member(customer_id: UUID, caller: Reader, session: Transaction) -> MemberOut:
    """A member's points and tier, what is missing to the next tier, and which points end soon.

    The tier follows a score of what the member did in the last months: whole yuan spent on
    services, completed services, and paid referrals, each with its weight in the policy.
    """
    now, key = utc_now(), (caller.dealer_id, customer_id)
    member = await members.find(session, key)
    if member is None:
        raise MemberNotFound(customer_id)
    policy = await rules_of(session, caller.dealer_id, LoyaltyPolicy)
    since = window_start(now, policy.tiers)
    done = (await activities.since(session, {key: since}))[key]
    score = score_of(done, policy.tiers)
    above = next_tier(member.tier, score, policy.tiers)
    ending = await awards.expiring(session, key, until=now + timedelta(days=policy.expiring_days))
    return MemberOut(
        customer_id=customer_id,
        balance=member.balance,
        pending=await awards.pending_points(session, key),
        tier=member.tier,
        tier_progress=TierProgressOut(
            score=score,
            spend_cents=done.spend_cents,
            services=done.services,
            referrals=done.referrals,
            since=since,
        ),
        next_tier=NextTierOut.model_validate(above) if above else None,
        expiring=[ExpiringOut.model_validate(part) for part in ending],
        enrolled_at=member.enrolled_at,
    )


@router.get("/{customer_id}/statement")
async def list_entries(
    customer_id: UUID, caller: Reader, session: Transaction, paging: Annotated[Paging, Depends(Paging)]
) -> Page[EntryOut]:
    """Everything that happened to a member's points, newest first.

    Each entry names the awards behind it: an award that was given, or the awards that a
    redemption used up or that came to their end.
    """
    key = (caller.dealer_id, customer_id)
    if await members.find(session, key) is None:
        raise MemberNotFound(customer_id)
    lines = await ledger.statement(session, key, below=paging.after_one(int), limit=paging.limit + 1)
    return paging.page(lines, cursor=lambda line: [line.number]).showing(EntryOut.model_validate)


@router.post("/{customer_id}/redemptions", status_code=201)
async def redeem(customer_id: UUID, body: RedemptionIn, caller: Writer, session: Transaction) -> RedemptionOut:
    """Spend a member's points, those that end first before the others.

    With `reward_id` the answer holds the voucher that was bought; with `points` and `reason` the
    points pay for something agreed at the desk.
    """
    now, by = utc_now(), caller.subject
    if body.reward_id is not None:
        reward = RedeemReward(caller.dealer_id, customer_id, body.reward_id, by)
        redemption = await redeem_reward(session, reward, now=now)
    else:
        price = RedeemPoints(caller.dealer_id, customer_id, body.points or 0, body.reason or "", by)
        redemption = await redeem_points(session, price, now=now)
    policy = await rules_of(session, caller.dealer_id, LoyaltyPolicy)
    return RedemptionOut.of(redemption, on=local_day(now, policy.time_zone))


@router.post("/{customer_id}/referral-codes", status_code=201)
async def give_referral_code(customer_id: UUID, caller: Writer, session: Transaction) -> ReferralCodeOut:
    """A member's code for others (老带新), the same whenever asked.

    It has ten symbols without I, L, O and U, and may be typed in any case, with hyphens or spaces.
    """
    return ReferralCodeOut(code=await issue_referral_code(session, caller.dealer_id, customer_id, now=utc_now()))
