"""What this service refuses, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


class VehicleNotFound(Exception):
    """The dealer has no such vehicle."""

    def __init__(self, vehicle_id: UUID) -> None:
        super().__init__(f"No vehicle {vehicle_id} is registered.")


class PlanNotFound(Exception):
    """There is no such maintenance plan."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No maintenance plan is called {name}.")


class PlanChangedMeanwhile(Exception):
    """Somebody else put a plan of this name in force at the same time."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Read plan {name} again, then change it.")


class VisitNotFound(Exception):
    """The dealer has no such visit."""

    def __init__(self, visit_id: UUID) -> None:
        super().__init__(f"No visit {visit_id} is known.")


class AppointmentNotFound(Exception):
    """The dealer has no such appointment."""

    def __init__(self, appointment_id: UUID) -> None:
        super().__init__(f"No appointment {appointment_id} is known.")


class StageNotForward(Exception):
    """A visit only moves forward."""

    def __init__(self, *, stands_at: str, asked: str) -> None:
        super().__init__(f"The visit stands at {stands_at}; it cannot move to {asked}.")


class QuoteMissing(Exception):
    """A quote has an amount."""

    def __init__(self) -> None:
        super().__init__("Stage quoted needs quoted_cents.")


class VisitAlreadyCompleted(Exception):
    """The vehicle was delivered; the visit is closed."""

    def __init__(self, visit_id: UUID) -> None:
        super().__init__(f"Visit {visit_id} was completed before.")


class OdometerGoesBack(Exception):
    """An odometer never shows less than before."""

    def __init__(self, *, shown_km: int, known_km: int) -> None:
        super().__init__(f"The odometer is said to show {shown_km} km, but {known_km} km are known.")


class ImplausibleOdometer(Exception):
    """No vehicle drives that far in that time; probably a typing error."""

    def __init__(self, *, shown_km: int, known_km: int, most_km: int) -> None:
        super().__init__(
            f"The odometer is said to show {shown_km} km; after {known_km} km at most {most_km} km are plausible."
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file: where (a JSON pointer, or `/rows/7/every_km`) and what."""

    pointer: str
    message: str


class InvalidPlan(Exception):
    """The plan file cannot be used as it stands."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.pointer}: {fault.message}" for fault in self.faults[:20]))


class SlotNotOffered(Exception):
    """The workshop has no slot that starts then."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(f"No slot of this workshop, from now on, starts at {starts_at.isoformat()}.")


class SlotTaken(Exception):
    """Every bay of that slot is taken."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(f"No bay is free at {starts_at.isoformat()}.")


class AppointmentClosed(Exception):
    """The appointment is over or given up and can no longer change."""

    def __init__(self, state: str) -> None:
        super().__init__(f"The appointment is {state}.")


class AppointmentOfAnotherVehicle(Exception):
    """The appointment was made for another vehicle."""

    def __init__(self, appointment_id: UUID) -> None:
        super().__init__(f"Appointment {appointment_id} was made for another vehicle.")
