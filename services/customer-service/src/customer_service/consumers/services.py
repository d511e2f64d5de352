"""Maintenance and workshop visits, from service-reminder."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import MaintenanceDue, ServiceCompleted, VisitStarted
from baoke_events.consuming import Subscriptions
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.append_timeline import append_timeline
from customer_service.commands.complete_services import CompletedService, complete_services
from customer_service.commands.decide_churn import note_missed_first_services
from customer_service.db.visits import Visit

subscriptions = Subscriptions()

OVERDUE = "overdue"
FIRST_SERVICE = "first_service"
"""service-reminder's words for the last reminder and for the item 首保."""


@subscriptions.on(ServiceCompleted)
async def count_services(session: AsyncSession, events: Sequence[ServiceCompleted], *, now: datetime) -> None:
    """Let finished visits count for recency, frequency, money and the odometer."""
    await complete_services(session, [_completed(event) for event in events], now=now)


@subscriptions.on(MaintenanceDue)
async def notice_missed_first_services(
    session: AsyncSession, events: Sequence[MaintenanceDue], *, now: datetime
) -> None:
    """Let a first service (首保) that is overdue count as a sign that the owner is leaving."""
    missed = [e for e in events if e.step == OVERDUE and any(item.code == FIRST_SERVICE for item in e.items)]
    if missed:
        vehicles = [((event.dealer_id, event.vehicle_id), event.occurred_at) for event in missed]
        owners = {(event.dealer_id, event.customer_id): event.id for event in missed}
        await note_missed_first_services(session, vehicles, owners, now=now)


@subscriptions.on(MaintenanceDue, VisitStarted, ServiceCompleted)
async def tell_timeline(session: AsyncSession, events: Sequence[Event], *, now: datetime) -> None:
    """Show what happened in the workshop."""
    await append_timeline(session, events)


def _completed(event: ServiceCompleted) -> CompletedService:
    visit = Visit(
        dealer_id=event.dealer_id,
        visit_id=event.visit_id,
        customer_id=event.customer_id,
        vehicle_id=event.vehicle_id,
        store_id=event.store_id,
        completed_at=event.completed_at,
        amount_cents=event.amount_cents,
    )
    return CompletedService(visit, event.odometer_km, event.id)
