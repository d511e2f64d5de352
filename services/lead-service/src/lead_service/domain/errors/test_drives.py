"""Refusals about demo cars and test drives."""

from datetime import datetime
from uuid import UUID


class DemoCarNotFound(Exception):
    """There is no such demo car."""

    def __init__(self, demo_car_id: UUID) -> None:
        super().__init__(f"No demo car {demo_car_id} is known here.")


class DemoCarNotAvailable(Exception):
    """The demo car cannot be had for this."""

    def __init__(self, plate: str, because: str) -> None:
        super().__init__(f"{plate} {because}.")


class DemoCarBooked(Exception):
    """A demo car with open bookings stays."""

    def __init__(self, bookings: int) -> None:
        super().__init__(f"{bookings} test drives are booked with it; move or cancel them first.")


class DemoCarOnTheRoad(Exception):
    """One test drive at a time is under way in a demo car."""

    def __init__(self, demo_car_id: UUID) -> None:
        super().__init__(f"Demo car {demo_car_id} is still out on another test drive; complete that one first.")


class AdvisorBusy(Exception):
    """An advisor goes along on one test drive at a time."""

    def __init__(self, advisor_id: UUID) -> None:
        super().__init__(f"Advisor {advisor_id} goes along on another test drive then; name somebody else.")


class PlateTaken(Exception):
    """Another demo car has this plate."""

    def __init__(self, plate: str) -> None:
        super().__init__(f"{plate} is the plate of another demo car.")


class TestDriveNotFound(Exception):
    """There is no such test drive."""

    __test__ = False

    def __init__(self, test_drive_id: UUID) -> None:
        super().__init__(f"No test drive {test_drive_id} is known here.")


class TestDriveOver(Exception):
    """The test drive is past that."""

    __test__ = False

    def __init__(self, test_drive_id: UUID, state: str) -> None:
        super().__init__(f"Test drive {test_drive_id} is {state}.")


class TestDriveAhead(Exception):
    """The test drive's time has not come."""

    __test__ = False

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(f"The test drive is booked for {starts_at.isoformat()}; move it, or call it off.")


class SlotNotOffered(Exception):
    """Demo cars cannot be had then."""

    def __init__(self, starts_at: datetime, because: str) -> None:
        super().__init__(f"{starts_at.isoformat()}: {because}.")


class SlotTaken(Exception):
    """Somebody else has the demo car then, or the lead has another one."""

    def __init__(self, starts_at: datetime) -> None:
        taken = f"The half hour from {starts_at.isoformat()} is taken"
        super().__init__(f"{taken}: the car is somebody else's then, or the lead has another one.")


class LicenceNotValid(Exception):
    """The driving licence does not admit to the test drive."""

    def __init__(self, because: str) -> None:
        super().__init__(f"{because[0].upper()}{because[1:]}.")
