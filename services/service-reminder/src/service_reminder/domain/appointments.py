"""An appointment: held for a while, or booked; moved, given up, or kept."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from service_reminder.domain.errors import AppointmentClosed


class AppointmentState(StrEnum):
    """What became of an appointment."""

    HELD = "held"
    BOOKED = "booked"
    VISITED = "visited"
    """The vehicle came."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """It was held and never booked."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One vehicle in one bay from `starts_at` on. `version` counts its changes, from 1."""

    dealer_id: UUID
    appointment_id: UUID
    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID
    starts_at: datetime
    bay: int
    state: AppointmentState
    items: tuple[str, ...] = ()
    held_until: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it still keeps its slot for a vehicle to come."""
        return self.state in {AppointmentState.HELD, AppointmentState.BOOKED}


def confirm(appointment: Appointment, *, now: datetime) -> Appointment:
    """Book what is held; what is booked stays as it is.

    Raises:
        AppointmentClosed: it is over or given up, or the hold has run out.
    """
    _require_open(appointment)
    if appointment.state is AppointmentState.BOOKED:
        return appointment
    if appointment.held_until and appointment.held_until <= now:
        raise AppointmentClosed(AppointmentState.EXPIRED)
    return _changed(replace(appointment, state=AppointmentState.BOOKED, held_until=None))


def change(appointment: Appointment, *, starts_at: datetime, bay: int, items: tuple[str, ...]) -> Appointment:
    """Move an appointment to another slot, or to other work.

    Raises:
        AppointmentClosed: it is over or given up.
    """
    _require_open(appointment)
    return _changed(replace(appointment, starts_at=starts_at, bay=bay, items=items))


def end(appointment: Appointment, state: AppointmentState) -> Appointment:
    """Close an open appointment as visited, cancelled or expired.

    Raises:
        AppointmentClosed: that happened before.
    """
    _require_open(appointment)
    return _changed(replace(appointment, state=state, held_until=None))


def _changed(appointment: Appointment) -> Appointment:
    return replace(appointment, version=appointment.version + 1)


def _require_open(appointment: Appointment) -> None:
    if not appointment.is_open:
        raise AppointmentClosed(appointment.state)
