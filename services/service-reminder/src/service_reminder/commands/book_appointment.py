"""Give a vehicle a bay of a workshop at a time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_events import AppointmentBooked
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db import appointments as db_appointments
from service_reminder.db import vehicles as db_vehicles
from service_reminder.db import workshops as db_workshops
from service_reminder.domain.appointments import Appointment, AppointmentState, confirm
from service_reminder.domain.errors import AppointmentNotFound, SlotNotOffered, SlotTaken, VehicleNotFound
from service_reminder.domain.policy import ReminderPolicy
from service_reminder.domain.slots import Workshop, offers


@dataclass(frozen=True, slots=True)
class BookAppointment:
    """A vehicle is to come to a store; `hold` only keeps the slot for a while."""

    dealer_id: UUID
    vehicle_id: UUID
    store_id: UUID
    starts_at: datetime
    items: tuple[str, ...]
    hold: bool


async def workshop_of(session: AsyncSession, dealer_id: UUID, store_id: UUID) -> tuple[Workshop, ReminderPolicy]:
    """Load a store's workshop, the dealer's default where it said nothing, and the dealer's policy."""
    policy = await rules_of(session, dealer_id, ReminderPolicy)
    found = await db_workshops.find(session, dealer_id, store_id)
    return (found[0] if found else policy.workshop), policy


async def book_appointment(session: AsyncSession, command: BookAppointment, *, now: datetime) -> Appointment:
    """Take a free bay, and tell of it unless the slot is only held.

    Raises:
        VehicleNotFound: the dealer has no such vehicle.
        SlotNotOffered: no slot of the workshop starts then.
        SlotTaken: all its bays are taken.
    """
    vehicle = await db_vehicles.lock_registered(session, command.dealer_id, command.vehicle_id)
    if vehicle is None or vehicle.registration is None:
        raise VehicleNotFound(command.vehicle_id)
    workshop, policy = await workshop_of(session, command.dealer_id, command.store_id)
    appointment = Appointment(
        dealer_id=command.dealer_id,
        appointment_id=uuid7(),
        vehicle_id=command.vehicle_id,
        customer_id=vehicle.registration.customer_id,
        store_id=command.store_id,
        starts_at=command.starts_at,
        bay=0,
        state=AppointmentState.HELD if command.hold else AppointmentState.BOOKED,
        items=command.items,
        held_until=now + timedelta(minutes=workshop.hold_minutes) if command.hold else None,
    )
    if not offers(workshop, command.starts_at, policy.zone, now=now):
        raise SlotNotOffered(command.starts_at)
    booked = await _placed(session, appointment, workshop.bays)
    await db_appointments.add(session, booked)
    if not command.hold:
        await publish(session, [_booked(booked, now)])
    return booked


async def confirm_appointment(
    session: AsyncSession, dealer_id: UUID, appointment_id: UUID, *, now: datetime
) -> Appointment:
    """Book what is held, and tell of it; what is booked already stays so.

    Raises:
        AppointmentNotFound: the dealer has no such appointment.
        AppointmentClosed: it is over or given up, or the hold has run out.
    """
    held = await db_appointments.lock(session, dealer_id, appointment_id)
    if held is None:
        raise AppointmentNotFound(appointment_id)
    booked = confirm(held, now=now)
    if booked != held:
        await db_appointments.save(session, booked)
        await publish(session, [_booked(booked, now)])
    return booked


async def _placed(session: AsyncSession, appointment: Appointment, bays: int) -> Appointment:
    bay = await db_workshops.claim_bay(
        session,
        appointment.dealer_id,
        appointment.store_id,
        appointment.starts_at,
        bays=bays,
        appointment_id=appointment.appointment_id,
    )
    if bay is None:
        raise SlotTaken(appointment.starts_at)
    return replace(appointment, bay=bay)


def _booked(appointment: Appointment, now: datetime) -> AppointmentBooked:
    return AppointmentBooked(
        dealer_id=appointment.dealer_id,
        occurred_at=now,
        vehicle_id=appointment.vehicle_id,
        customer_id=appointment.customer_id,
        store_id=appointment.store_id,
        appointment_id=appointment.appointment_id,
        starts_at=appointment.starts_at,
    )
