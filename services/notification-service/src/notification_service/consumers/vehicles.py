"""`baoke.vehicles`: vehicles that are their customers' no more."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import VehicleDisposed, VehicleReturned
from baoke_events.consuming import Subscriptions
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.plan_messages import plan_messages
from notification_service.consumers.occurrences import occurrence_of

subscriptions = Subscriptions()


@subscriptions.on(VehicleReturned, VehicleDisposed)
async def say_no_more_of_vehicles(
    session: AsyncSession, events: Sequence[VehicleReturned | VehicleDisposed], *, now: datetime
) -> None:
    """End what still waits to be said of a vehicle whose sale was undone, or that was given in payment."""
    await plan_messages(session, [occurrence_of(e, e.customer_id) for e in events], now=now)
