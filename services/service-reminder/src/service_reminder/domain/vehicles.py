"""A vehicle as maintenance sees it: what was registered, what it has driven, what was done and said."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from service_reminder.domain.odometer import Odometer, Reading, at_entry, keep
from service_reminder.domain.policy import ReminderPolicy


class Step(StrEnum):
    """The reminders of one cycle, in order."""

    FIRST = "first"
    SECOND = "second"
    OVERDUE = "overdue"


STEPS = tuple(Step)


@dataclass(frozen=True, slots=True)
class Registration:
    """Whose vehicle it is and what was said of it, at `registered_at`."""

    customer_id: UUID
    store_id: UUID
    vin: str
    make: str
    model: str
    powertrain: str
    purchased_on: date
    odometer_km: int
    registered_at: datetime
    by_sale: bool = False
    """Whether a sale made it theirs; not kept."""


@dataclass(frozen=True, slots=True)
class Done:
    """An item was done here, which closed its cycle number `cycle`."""

    on: date
    km: int
    cycle: int


@dataclass(frozen=True, slots=True)
class ItemHistory:
    """What happened to one item: the cycle that is open, the latest step said in it, and when it was last done."""

    cycle: int
    reminded: Step | None = None
    done: Done | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle. Readings may be known before its registration is; then it has no maintenance yet."""

    dealer_id: UUID
    vehicle_id: UUID
    registration: Registration | None = None
    severe_use: bool = False
    readings: tuple[Reading, ...] = ()
    entry: Reading | None = None
    history: Mapping[str, ItemHistory] = field(default_factory=dict)
    former: Registration | None = None
    """What was registered before the vehicle was returned; while it is nobody's."""
    returned_at: datetime | None = None
    """When it was returned last; what was registered before that has been undone."""


@dataclass(frozen=True, slots=True)
class Return:
    """A customer's vehicle is theirs no more, because its sale was undone or they gave it in payment."""

    customer_id: UUID
    returned_at: datetime


def give_back(vehicle: Vehicle, returned: Return) -> Vehicle:
    """Return the vehicle as nobody's, with what is known of it kept. Another customer's stays theirs.

    It may be told before or after others' facts, and again: what was undone once is not undone twice.
    """
    if vehicle.returned_at is not None and vehicle.returned_at >= returned.returned_at:
        return vehicle
    known = vehicle.registration
    if known is None or known.customer_id != returned.customer_id:
        return vehicle
    return replace(vehicle, registration=None, former=known, returned_at=returned.returned_at)


def register(vehicle: Vehicle, registration: Registration) -> Vehicle:
    """Take over what was registered.

    A later registration (another owner) replaces an earlier one, but the vehicle stays known since the first. One
    from before the vehicle was returned has been undone. A sale of what is nobody's starts anew with what it tells,
    since what an undone sale told may have been a wrong entry; what was done here stays known.
    """
    if vehicle.returned_at is not None and registration.registered_at < vehicle.returned_at:
        return vehicle
    earlier = vehicle.registration or vehicle.former
    if earlier is None or (vehicle.former and registration.by_sale):
        entry = at_entry(vehicle.readings, registration.registered_at)
        kept = {code: history for code, history in vehicle.history.items() if history.done or earlier is None}
        return replace(vehicle, registration=registration, former=None, entry=entry, history=kept)
    if earlier.registered_at >= registration.registered_at:
        return vehicle
    since = replace(registration, registered_at=earlier.registered_at, odometer_km=earlier.odometer_km)
    return replace(vehicle, registration=since, former=None)


def read(vehicle: Vehicle, readings: tuple[Reading, ...]) -> Vehicle:
    """Take in accepted readings, in any order and however often."""
    kept = keep([*vehicle.readings, *readings])
    if vehicle.registration is None:
        return replace(vehicle, readings=kept)
    known = [*vehicle.readings, *readings, *([vehicle.entry] if vehicle.entry else [])]
    return replace(vehicle, readings=kept, entry=at_entry(known, vehicle.registration.registered_at))


def odometer_of(vehicle: Vehicle, registration: Registration, policy: ReminderPolicy) -> Odometer:
    """Put together what is known of the vehicle's odometer."""
    return Odometer(
        stated=Reading(registration.registered_at, registration.odometer_km),
        bought_at=datetime.combine(registration.purchased_on, time(), policy.zone),
        readings=vehicle.readings,
        entry=vehicle.entry,
        new_within_days=policy.cycles.new_within_days,
    )
