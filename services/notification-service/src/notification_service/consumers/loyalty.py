"""`baoke.loyalty`: points, tiers and referrals."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import PointsEarned, ReferralPaid, TierChanged
from baoke_events.consuming import Subscriptions
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.plan_messages import plan_messages
from notification_service.consumers.occurrences import occurrence_of

subscriptions = Subscriptions()


@subscriptions.on(PointsEarned, TierChanged, ReferralPaid)
async def tell_members(
    session: AsyncSession, events: Sequence[PointsEarned | TierChanged | ReferralPaid], *, now: datetime
) -> None:
    """Set off the journeys of members who earned something."""
    await plan_messages(session, [occurrence_of(e, e.customer_id) for e in events], now=now)
