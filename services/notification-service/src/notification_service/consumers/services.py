"""`baoke.services`: maintenance, appointments and visits."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanged,
    MaintenanceDue,
    ServiceCompleted,
    VisitProgressed,
)
from baoke_events.consuming import Subscriptions
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.plan_messages import plan_messages
from notification_service.consumers.occurrences import occurrence_of

subscriptions = Subscriptions()

Workshop = (
    MaintenanceDue | AppointmentBooked | AppointmentChanged | AppointmentCancelled | VisitProgressed | ServiceCompleted
)


@subscriptions.on(
    MaintenanceDue, AppointmentBooked, AppointmentChanged, AppointmentCancelled, VisitProgressed, ServiceCompleted
)
async def tell_owners(session: AsyncSession, events: Sequence[Workshop], *, now: datetime) -> None:
    """Set off the journeys of owners whose vehicle is due, booked, in the workshop or done."""
    await plan_messages(session, [occurrence_of(e, e.customer_id) for e in events], now=now)
