"""Take over what a finished workshop visit says about the customer and the vehicle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.announce import announce
from customer_service.commands.decide_churn import decide_churn
from customer_service.commands.review_segments import decide_segments
from customer_service.commands.take_readings import move_odometers, take_readings
from customer_service.db import visits as db_visits
from customer_service.db.visits import Visit
from customer_service.domain.odometer import Source
from customer_service.domain.readings import Reading


@dataclass(frozen=True, slots=True)
class CompletedService:
    """A visit whose invoice stands, and the odometer the workshop read."""

    visit: Visit
    odometer_km: int
    event_id: UUID


async def complete_services(session: AsyncSession, services: Sequence[CompletedService], *, now: datetime) -> None:
    """Count each visit once, decide the customers' segments and warnings anew, and take the workshop's readings."""
    added = await db_visits.add(session, [service.visit for service in services])
    new = [service for service in services if (service.visit.dealer_id, service.visit.visit_id) in added]
    if not new:
        return
    because = {(service.visit.dealer_id, service.visit.customer_id): service.event_id for service in new}
    segments = await decide_segments(session, because, now=now)
    churn = await decide_churn(session, because, because="visit", now=now)
    taken = await take_readings(session, [_reading_of(service) for service in new], now=now)
    moved = await move_odometers(session, taken.moves, now=now)
    await announce(session, [*segments, *churn, *moved])


def _reading_of(service: CompletedService) -> Reading:
    visit = service.visit
    return Reading(
        dealer_id=visit.dealer_id,
        vehicle_id=visit.vehicle_id,
        km=service.odometer_km,
        read_at=visit.completed_at,
        source=Source.WORKSHOP,
        causation_id=service.event_id,
    )
