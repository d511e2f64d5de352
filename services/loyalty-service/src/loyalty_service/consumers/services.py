"""What service-reminder tells."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import ServiceCompleted
from baoke_events.consuming import Subscriptions, origin_of
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.reward_services import RewardService, reward_services

subscriptions = Subscriptions()


@subscriptions.on(ServiceCompleted)
async def reward_visits(session: AsyncSession, events: Sequence[ServiceCompleted], *, now: datetime) -> None:
    """Turn finished visits into points."""
    paid = [
        RewardService(e.dealer_id, e.customer_id, e.id, e.amount_cents, e.completed_at, origin_of(e.id)) for e in events
    ]
    await reward_services(session, paid, now=now)
