"""What lead-service tells: leads that come with a code, and leads that buy."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import LeadWon, LeadWonCancelled, ReferralMade
from baoke_events.consuming import Subscriptions, origin_of
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.learn_purchases import LearnPurchase, record_sales
from loyalty_service.commands.make_referrals import MakeReferral, make_referrals
from loyalty_service.commands.undo_purchases import UndoPurchase, undo_purchases
from loyalty_service.domain.purchases import Purchase

subscriptions = Subscriptions()


@subscriptions.on(ReferralMade)
async def open_referrals(session: AsyncSession, events: Sequence[ReferralMade], *, now: datetime) -> None:
    """Keep who referred whom, and freeze the terms."""
    made = [MakeReferral(e.dealer_id, e.lead_id, e.referral_code, e.id, e.occurred_at, origin_of(e.id)) for e in events]
    await make_referrals(session, made, now=now)


@subscriptions.on(LeadWon)
async def learn_sales(session: AsyncSession, events: Sequence[LeadWon], *, now: datetime) -> None:
    """Keep which car a lead bought."""
    sales = [
        Purchase(e.dealer_id, e.lead_id, won_event_id=e.id, won_at=e.sold_at, vin=e.vin.upper(), sale=e.sale)
        for e in events
    ]
    learned = [LearnPurchase(sale, origin_of(e.id)) for sale, e in zip(sales, events, strict=True)]
    await record_sales(session, learned, now=now)


@subscriptions.on(LeadWonCancelled)
async def undo_sales(session: AsyncSession, events: Sequence[LeadWonCancelled], *, now: datetime) -> None:
    """Take back what sales earned that were undone."""
    undone = [UndoPurchase(e.dealer_id, e.lead_id, e.sale, e.won_event_id, origin_of(e.id)) for e in events]
    await undo_purchases(session, undone, now=now)
