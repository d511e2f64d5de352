"""Receive a vehicle in the workshop."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events import VisitStarted
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db import appointments as db_appointments
from service_reminder.db import vehicles as db_vehicles
from service_reminder.db import visits as db_visits
from service_reminder.domain.appointments import AppointmentState, end
from service_reminder.domain.errors import AppointmentNotFound, AppointmentOfAnotherVehicle, VehicleNotFound
from service_reminder.domain.visits import Stage, Visit


@dataclass(frozen=True, slots=True)
class StartVisit:
    """A vehicle arrived at a store."""

    dealer_id: UUID
    vehicle_id: UUID
    store_id: UUID
    appointment_id: UUID | None
    by: str


async def start_visit(session: AsyncSession, command: StartVisit, *, now: datetime) -> Visit:
    """Open a visit and tell of it.

    Raises:
        VehicleNotFound: the dealer has no such vehicle.
        AppointmentNotFound: the dealer has no such appointment.
        AppointmentOfAnotherVehicle: it was made for another vehicle.
        AppointmentClosed: it was kept or given up before.
    """
    vehicle = await db_vehicles.find_registered(session, command.dealer_id, command.vehicle_id)
    if vehicle is None or vehicle.registration is None:
        raise VehicleNotFound(command.vehicle_id)
    if command.appointment_id:
        await _keep_appointment(session, command, command.appointment_id)
    visit = Visit(
        dealer_id=command.dealer_id,
        visit_id=uuid7(),
        vehicle_id=command.vehicle_id,
        customer_id=vehicle.registration.customer_id,
        store_id=command.store_id,
        appointment_id=command.appointment_id,
        stage=Stage.ARRIVED,
        arrived_at=now,
    )
    await db_visits.add(session, visit, by=command.by)
    await publish(session, [_started(visit)])
    return visit


async def _keep_appointment(session: AsyncSession, command: StartVisit, appointment_id: UUID) -> None:
    appointment = await db_appointments.lock(session, command.dealer_id, appointment_id)
    if appointment is None:
        raise AppointmentNotFound(appointment_id)
    if appointment.vehicle_id != command.vehicle_id:
        raise AppointmentOfAnotherVehicle(appointment_id)
    await db_appointments.save(session, end(appointment, AppointmentState.VISITED))


def _started(visit: Visit) -> VisitStarted:
    return VisitStarted(
        dealer_id=visit.dealer_id,
        occurred_at=visit.arrived_at,
        vehicle_id=visit.vehicle_id,
        customer_id=visit.customer_id,
        store_id=visit.store_id,
        visit_id=visit.visit_id,
        appointment_id=visit.appointment_id,
        arrived_at=visit.arrived_at,
    )
