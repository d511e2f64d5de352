"""`baoke.services`: maintenance and workshop visits. Key: the vehicle."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, Field

from baoke_events.event import Cents, Currency, Event, Fact, Km, Text, Word


class ServiceEvent(Event, topic="baoke.services", key="vehicle_id", publishers=("service-reminder",)):
    """What every fact about a vehicle's service says."""

    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID


class DueItem(Fact):
    """One maintenance item and when it falls due."""

    code: Word
    name_zh: Text
    name_en: Text
    due_on: date
    due_km: Km | None = None
    because: Word
    """distance or time, whichever comes first."""


class MaintenanceDue(ServiceEvent, type="baoke.service.maintenance_due.v1"):
    """Maintenance falls due soon, or is overdue; the items of 30 days go together."""

    reminder_id: UUID
    step: Word
    """first, second or overdue."""
    items: tuple[DueItem, ...] = Field(min_length=1)
    due_on: date
    """The earliest of the items' dates."""
    odometer_km: Km


class AppointmentBooked(ServiceEvent, type="baoke.service.appointment_booked.v1"):
    """A workshop slot is the customer's."""

    appointment_id: UUID
    starts_at: AwareDatetime


class AppointmentChanged(ServiceEvent, type="baoke.service.appointment_changed.v1"):
    """The appointment moved."""

    appointment_id: UUID
    starts_at: AwareDatetime


class AppointmentCancelled(ServiceEvent, type="baoke.service.appointment_cancelled.v1"):
    """The appointment was given up; its slot is free."""

    appointment_id: UUID


class VisitStarted(ServiceEvent, type="baoke.service.visit_started.v1"):
    """The vehicle is in the workshop."""

    visit_id: UUID
    appointment_id: UUID | None = None
    arrived_at: AwareDatetime


class VisitProgressed(ServiceEvent, type="baoke.service.visit_progressed.v1"):
    """The visit reached its next stage (透明车间)."""

    visit_id: UUID
    stage: Word
    """diagnosed, quoted, approved, in_work, quality_check or ready."""
    quoted_cents: Cents | None = None
    currency: Currency = "CNY"


class ServiceLine(Fact):
    """One line of the invoice."""

    code: Word
    """A maintenance item's code, where the line fulfils one."""
    description: Text
    amount_cents: Cents


class ServiceCompleted(ServiceEvent, type="baoke.service.completed.v1"):
    """The vehicle was delivered back and the invoice stands."""

    visit_id: UUID
    odometer_km: Km
    lines: tuple[ServiceLine, ...]
    amount_cents: Cents
    """The sum of the lines."""
    quoted_cents: Cents | None = None
    currency: Currency = "CNY"
    completed_at: AwareDatetime
