"""Sales that were undone: the points and rewards that followed from them are taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events import ReferralClawedBack
from baoke_events.event import Event
from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands import referral_events
from loyalty_service.commands.advance_referrals import advance_referrals
from loyalty_service.commands.assess_tiers import assess_tiers
from loyalty_service.commands.award_points import take_back_promised_points
from loyalty_service.commands.envelopes import envelope
from loyalty_service.commands.learn_purchases import lock_purchases
from loyalty_service.commands.take_back_points import REASON, TakenBack, take_back_points
from loyalty_service.db import activities as db_activities
from loyalty_service.db import evidence as db_evidence
from loyalty_service.db import members as db_members
from loyalty_service.db import referrals as db_referrals
from loyalty_service.db import vouchers as db_vouchers
from loyalty_service.db.referrals import Told
from loyalty_service.db.rows import Key
from loyalty_service.domain.awards import Rule
from loyalty_service.domain.purchases import Purchase
from loyalty_service.domain.referrals import VoidReason, sides, void


@dataclass(frozen=True, slots=True)
class UndoPurchase:
    """A lead's sale of that number, which `won_event_id` told, was undone."""

    dealer_id: UUID
    lead_id: UUID
    sale: int
    won_event_id: UUID
    origin: Origin


async def undo_purchases(session: AsyncSession, commands: Sequence[UndoPurchase], *, now: datetime) -> None:
    """Nothing of these sales counts: points are taken back, referrals void, rewards clawed back; publish all of it.

    What other topics tell of such a sale later changes nothing any more. A referral whose lead buys again comes back.
    """
    leads = {(c.dealer_id, c.lead_id): c.origin for c in commands}
    parts = [Purchase(c.dealer_id, c.lead_id, cancelled_sale=c.sale) for c in commands]
    await lock_purchases(session, leads, parts=parts)
    waiting = await advance_referrals(session, leads, now=now)
    undone = await _undone(session, leads, now)
    await db_referrals.save(session, undone)
    facts = {(told.referral.dealer_id, told.referral.reward_fact): told.origin for told in undone}
    await take_back_promised_points(session, Rule.REFERRAL, facts)
    bought = {(c.dealer_id, c.won_event_id): c.origin for c in commands}
    await db_members.lock(session, {(t.referral.dealer_id, who) for t in undone for _, who in sides(t.referral)})
    purchases = await take_back_points(session, Rule.PURCHASE, bought, now=now)
    rewards = await take_back_points(session, Rule.REFERRAL, facts, now=now)
    voided = [event for told in undone for event in referral_events.voided(told, now=now)]
    clawed_back = await _claw_back(session, [told for told in undone if told.referral.paid_at], rewards, now)
    await publish(session, [*waiting, *purchases.events, *rewards.events, *voided, *clawed_back])


async def _undone(session: AsyncSession, leads: Mapping[Key, Origin], now: datetime) -> list[Told]:
    """The referrals of these leads that were held or paid for a sale that holds no more, void now."""
    rewarded = await db_referrals.lock_rewarded(session, leads)
    evidence = await db_evidence.of(session, rewarded)
    return [
        Told(void(referral, VoidReason.SALE_CANCELLED, at=now), leads[referral.dealer_id, referral.lead_id])
        for referral in rewarded
        if evidence[referral.id].sale_cancelled
    ]


async def _claw_back(session: AsyncSession, paid: Sequence[Told], rewards: TakenBack, now: datetime) -> list[Event]:
    """Vouchers that were not used are void, and the deed counts for no tier any more."""
    if not paid:
        return []
    void_vouchers = await db_vouchers.void(session, [(t.referral.dealer_id, t.referral.id) for t in paid], at=now)
    await db_activities.remove(session, [(t.referral.dealer_id, t.referral.reward_fact) for t in paid])
    told: list[Event] = [
        ReferralClawedBack(
            **envelope(one.referral.dealer_id, one.origin, now),
            customer_id=customer_id,
            referral_id=one.referral.id,
            lead_id=one.referral.lead_id,
            side=side,
            points=rewards.points.get((one.referral.reward_fact, customer_id), 0),
            voucher_id=void_vouchers.get((one.referral.id, customer_id)),
            reason=REASON,
        )
        for one in paid
        for side, customer_id in sides(one.referral)
    ]
    members = {(one.referral.dealer_id, who): one.origin for one in paid for _, who in sides(one.referral)}
    return [*told, *await assess_tiers(session, members, now=now)]
