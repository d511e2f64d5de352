"""What is said of test drives in the published language, and how they take their leads along."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from baoke_events import TestDriveBooked, TestDriveCancelled, TestDriveCompleted
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import leads as db_leads
from lead_service.db import test_drives as db_drives
from lead_service.domain.demo_car import DemoCar
from lead_service.domain.lead import Lead
from lead_service.domain.stage import Stage, ahead
from lead_service.domain.test_drive import STAGE_AFTER, TestDrive


async def led_along(session: AsyncSession, lead: Lead, drive: TestDrive, *, at: datetime) -> list[Event]:
    """The open lead is as far as its test drive took it. Answers what to publish.

    A lead whose only appointment fell through is back at `contacted`.
    """
    after = replace(lead, stage=await _stage(session, lead, drive))
    if after.stage is lead.stage or lead.stage.is_closed:
        return []
    await db_leads.save(session, [after])
    return [facts.stage_changed(lead, after, at=at)]


async def _stage(session: AsyncSession, lead: Lead, drive: TestDrive) -> Stage:
    if drive.state in STAGE_AFTER:
        return ahead(lead.stage, STAGE_AFTER[drive.state])
    if lead.stage is Stage.APPOINTED and not await db_drives.open_of_lead(session, lead.dealer_id, lead.id):
        return Stage.CONTACTED
    return lead.stage


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
