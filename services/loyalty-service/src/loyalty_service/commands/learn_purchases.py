"""What leads bought is put together from what three topics say of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from baoke_chassis.policy import policy_of
from baoke_events.event import Event
from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.advance_referrals import advance_referrals
from loyalty_service.commands.award_points import Grant, award_points
from loyalty_service.db import parties as db_parties
from loyalty_service.db import purchases as db_purchases
from loyalty_service.db.rows import Key
from loyalty_service.domain.awards import Rule
from loyalty_service.domain.policy import LoyaltyPolicy
from loyalty_service.domain.purchases import Purchase


@dataclass(frozen=True, slots=True)
class LearnPurchase:
    """Somebody told a part of what is to be known of a lead's purchase."""

    part: Purchase
    origin: Origin


async def record_sales(session: AsyncSession, commands: Sequence[LearnPurchase], *, now: datetime) -> None:
    """The leads bought; publish what that completes."""
    await publish(session, await learn_purchases(session, commands, now=now))


async def learn_purchases(session: AsyncSession, commands: Sequence[LearnPurchase], *, now: datetime) -> list[Event]:
    """The parts are known; return what that completed: referrals, and points for a purchase."""
    if not commands:
        return []
    leads = {(c.part.dealer_id, c.part.lead_id): c.origin for c in commands}
    known = await lock_purchases(session, leads, parts=[c.part for c in commands])
    referrals = await advance_referrals(session, leads, now=now)
    policies = await policy_of(session, {purchase.dealer_id for purchase in known}, LoyaltyPolicy)
    grants = [
        grant
        for purchase in known
        for grant in _grants(purchase, policies[purchase.dealer_id], leads[purchase.dealer_id, purchase.lead_id])
    ]
    return [*referrals, *await award_points(session, grants, now=now)]


async def lock_purchases(
    session: AsyncSession,
    leads: Iterable[Key],
    *,
    parts: Sequence[Purchase] = (),
    referrers: Iterable[Key] = (),
) -> list[Purchase]:
    """All that is known of these leads' purchases, the new parts included.

    The purchases are locked, and so are the parties on both sides: the lead, the customer it
    became, and the referrers given.
    """
    known = await db_purchases.learn(session, [*parts, *(Purchase(dealer_id, lead_id) for dealer_id, lead_id in leads)])
    customers = {(p.dealer_id, p.customer_id) for p in known if p.customer_id}
    await db_parties.lock(session, {*leads, *customers, *referrers})
    return known


def _grants(purchase: Purchase, policy: LoyaltyPolicy, origin: Origin) -> list[Grant]:
    points = policy.earning.purchase_points
    if not (points and purchase.is_sold and purchase.customer_id and purchase.won_event_id and purchase.won_at):
        return []
    return [
        Grant(
            purchase.dealer_id,
            purchase.customer_id,
            Rule.PURCHASE,
            purchase.won_event_id,
            points,
            purchase.won_at,
            origin,
        )
    ]
