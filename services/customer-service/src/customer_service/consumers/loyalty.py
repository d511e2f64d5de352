"""Points, tiers and rewards, from loyalty-service."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import PointsEarned, PointsReversed, ReferralPaid, TierChanged
from baoke_events.consuming import Subscriptions
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.append_timeline import append_timeline

subscriptions = Subscriptions()


@subscriptions.on(PointsEarned, PointsReversed, ReferralPaid, TierChanged)
async def tell_timeline(session: AsyncSession, events: Sequence[Event], *, now: datetime) -> None:
    """Show what a member earned."""
    await append_timeline(session, events)
