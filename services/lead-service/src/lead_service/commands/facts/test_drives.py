"""What is said of test drives."""

from datetime import datetime
from typing import Any

from baoke_events import TestDriveBooked, TestDriveCancelled, TestDriveCompleted

from lead_service.domain.demo_car import DemoCar
from lead_service.domain.lead import Lead
from lead_service.domain.test_drive import TestDrive


def booked(
    lead: Lead, drive: TestDrive, car: DemoCar, *, at: datetime, moved_from_at: datetime | None = None
) -> TestDriveBooked:
    """The car is kept for the lead."""
    return TestDriveBooked(**_drive(lead, drive, car, at), ends_at=drive.ends_at, moved_from_at=moved_from_at)


def completed(lead: Lead, drive: TestDrive, car: DemoCar, *, at: datetime) -> TestDriveCompleted:
    """The person drove it."""
    return TestDriveCompleted(**_drive(lead, drive, car, at), started_at=drive.started_at or at, ended_at=at)


def cancelled(lead: Lead, drive: TestDrive, car: DemoCar, *, at: datetime) -> TestDriveCancelled:
    """They will not: it was called off, or they did not come."""
    return TestDriveCancelled(**_drive(lead, drive, car, at), reason=drive.state)


def _drive(lead: Lead, drive: TestDrive, car: DemoCar, at: datetime) -> dict[str, Any]:
    return {
        "dealer_id": lead.dealer_id,
        "occurred_at": at,
        "lead_id": lead.id,
        "store_id": lead.store_id,
        "test_drive_id": drive.id,
        "demo_car_id": car.id,
        "make": car.make,
        "model": car.model,
        "trim": car.trim,
        "starts_at": drive.starts_at,
        "advisor_id": drive.advisor_id,
    }
