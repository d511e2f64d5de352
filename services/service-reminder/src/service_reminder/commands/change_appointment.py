"""Move an appointment, or give it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.versions import require_version
from baoke_events import AppointmentCancelled, AppointmentChanged
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.commands.book_appointment import workshop_of
from service_reminder.db import appointments as db_appointments
from service_reminder.db import workshops as db_workshops
from service_reminder.db.vehicles import Tracked
from service_reminder.domain.appointments import Appointment, AppointmentState, change, end
from service_reminder.domain.errors import AppointmentNotFound, SlotNotOffered, SlotTaken
from service_reminder.domain.slots import offers


@dataclass(frozen=True, slots=True)
class ChangeAppointment:
    """An appointment moves, or other work is to be done; None leaves as it is. `seen` is the version the caller saw."""

    dealer_id: UUID
    appointment_id: UUID
    starts_at: datetime | None
    items: tuple[str, ...] | None
    seen: int | None


async def change_appointment(session: AsyncSession, command: ChangeAppointment, *, now: datetime) -> Appointment:
    """Move the appointment to a free bay of another slot, or to other work, and tell of it if it was booked.

    Raises:
        AppointmentNotFound: the dealer has no such appointment.
        StaleVersion: it changed since the caller saw it.
        AppointmentClosed: it is over or given up.
        SlotNotOffered: no slot of the workshop starts then.
        SlotTaken: all its bays are taken.
    """
    before = await _lock(session, command.dealer_id, command.appointment_id, command.seen)
    starts_at = command.starts_at or before.starts_at
    items = before.items if command.items is None else command.items
    after = change(before, starts_at=starts_at, bay=before.bay, items=items)
    if starts_at != before.starts_at:
        after = change(before, starts_at=starts_at, bay=await _other_bay(session, before, starts_at, now), items=items)
    await db_appointments.save(session, after)
    if after.state is AppointmentState.BOOKED:
        await publish(session, [_changed(after, now)])
    return after


async def cancel_appointment(
    session: AsyncSession, dealer_id: UUID, appointment_id: UUID, *, seen: int | None, now: datetime
) -> Appointment:
    """Give the appointment up, free its slot, and tell of it if it was booked.

    Raises:
        AppointmentNotFound: the dealer has no such appointment.
        StaleVersion: it changed since the caller saw it.
        AppointmentClosed: it is over or given up already.
    """
    before = await _lock(session, dealer_id, appointment_id, seen)
    after = end(before, AppointmentState.CANCELLED)
    await db_workshops.release_bay(session, dealer_id, before.store_id, before.starts_at, before.bay)
    await db_appointments.save(session, after)
    if before.state is AppointmentState.BOOKED:
        await publish(session, [_cancelled(after, now)])
    return after


async def cancel_others_appointments(session: AsyncSession, vehicles: Sequence[Tracked], *, now: datetime) -> None:
    """Cancel what is still to come of these locked vehicles' appointments with others than those whose they are now.

    Their slots are free, and of what was booked it is told. Who had the vehicle does not bring it any more.
    """
    by_key = {(one.vehicle.dealer_id, one.vehicle.vehicle_id): one for one in vehicles}
    known = {key: one.vehicle.registration for key, one in by_key.items()}
    owners = {key: registration.customer_id if registration else None for key, registration in known.items()}
    ended = await db_appointments.cancel_others(session, owners, now=now)
    booked = [before for before in ended if before.state is AppointmentState.BOOKED]
    causes = {key: one.origin.causation_id for key, one in by_key.items()}
    await publish(session, [_cancelled(each, now, causes[each.dealer_id, each.vehicle_id]) for each in booked])


async def _lock(session: AsyncSession, dealer_id: UUID, appointment_id: UUID, seen: int | None) -> Appointment:
    appointment = await db_appointments.lock(session, dealer_id, appointment_id)
    if appointment is None:
        raise AppointmentNotFound(appointment_id)
    require_version(seen, appointment.version)
    return appointment


async def _other_bay(session: AsyncSession, before: Appointment, starts_at: datetime, now: datetime) -> int:
    workshop, policy = await workshop_of(session, before.dealer_id, before.store_id)
    if not offers(workshop, starts_at, policy.zone, now=now):
        raise SlotNotOffered(starts_at)
    await db_workshops.release_bay(session, before.dealer_id, before.store_id, before.starts_at, before.bay)
    bay = await db_workshops.claim_bay(
        session,
        before.dealer_id,
        before.store_id,
        starts_at,
        bays=workshop.bays,
        appointment_id=before.appointment_id,
    )
    if bay is None:
        raise SlotTaken(starts_at)
    return bay


def _changed(appointment: Appointment, now: datetime) -> AppointmentChanged:
    return AppointmentChanged(
        dealer_id=appointment.dealer_id,
        occurred_at=now,
        vehicle_id=appointment.vehicle_id,
        customer_id=appointment.customer_id,
        store_id=appointment.store_id,
        appointment_id=appointment.appointment_id,
        starts_at=appointment.starts_at,
    )


def _cancelled(appointment: Appointment, now: datetime, causation_id: UUID | None = None) -> AppointmentCancelled:
    return AppointmentCancelled(
        dealer_id=appointment.dealer_id,
        occurred_at=now,
        causation_id=causation_id,
        vehicle_id=appointment.vehicle_id,
        customer_id=appointment.customer_id,
        store_id=appointment.store_id,
        appointment_id=appointment.appointment_id,
    )
