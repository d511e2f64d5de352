"""`baoke.loyalty`: points, tiers and referrals."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import PointsEarned, PointsReversed, ReferralClawedBack, ReferralPaid, TierChanged
from baoke_events.consuming import Subscriptions
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.plan_messages import plan_messages
from notification_service.consumers.occurrences import occurrence_of

subscriptions = Subscriptions()

Loyalty = PointsEarned | PointsReversed | TierChanged | ReferralPaid | ReferralClawedBack


@subscriptions.on(PointsEarned, PointsReversed, TierChanged, ReferralPaid, ReferralClawedBack)
async def tell_members(session: AsyncSession, events: Sequence[Loyalty], *, now: datetime) -> None:
    """Set off the journeys of members who earned something, and end those of what was taken back."""
    await plan_messages(session, [occurrence_of(e, e.customer_id) for e in events], now=now)
