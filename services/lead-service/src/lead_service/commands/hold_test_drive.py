"""A test drive takes place, or does not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_chassis.versions import require_version
from baoke_events import TestDriveCancelled
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.book_test_drive import lock_drive
from lead_service.commands.facts.test_drives import cancelled, completed
from lead_service.commands.lead_along import led_along
from lead_service.db import demo_cars as db_cars
from lead_service.db import test_drives as db_drives
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.test_drive import Licence, TestDrive, TestDriveState, end, start


@dataclass(frozen=True, slots=True)
class OneTestDrive:
    """A test drive of a dealer, as its caller saw it. `stores` are those its lead may be in; None is all."""

    dealer_id: UUID
    test_drive_id: UUID
    seen: int | None = None
    stores: Collection[UUID] | None = None


async def start_test_drive(session: AsyncSession, which: OneTestDrive, licence: Licence, *, now: datetime) -> TestDrive:
    """The drive has begun, what was seen of the licence is noted, and the lead is at `visited` at least.

    Raises:
        TestDriveNotFound: the dealer has none like that.
        LeadNotFound: its lead is not in these stores.
        StaleVersion: it changed since the caller saw it.
        TestDriveOver: it has begun already, or nothing more becomes of it.
        TestDriveAhead: its time is more than half an hour away.
        DemoCarOnTheRoad: its car is not back from another one.
        LicenceNotValid: the licence has run out, or is for something else.
    """
    lead, before = await lock_drive(session, which.dealer_id, which.test_drive_id, stores=which.stores)
    require_version(which.seen, before.version)
    policy = await rules_of(session, lead.dealer_id, LeadPolicy)
    after = start(before, licence, policy.test_drives, today=policy.today(now), at=now)
    await db_drives.save(session, after)
    await publish(session, await led_along(session, {lead.id: lead}, [after], at=now))
    return after


async def end_test_drive(
    session: AsyncSession, which: OneTestDrive, as_: TestDriveState, *, now: datetime
) -> TestDrive:
    """The drive is completed, cancelled or a no-show, and the car is free.

    A completed one takes the lead to `test_driven`; one that fell through, back where the booking found it, if it
    was no further than `appointed` and has no other.

    Raises:
        TestDriveNotFound: the dealer has none like that.
        LeadNotFound: its lead is not in these stores.
        StaleVersion: it changed since the caller saw it.
        TestDriveOver: it is not at the point to end like that.
        TestDriveAhead: nobody has failed to come yet.
    """
    lead, before = await lock_drive(session, which.dealer_id, which.test_drive_id, stores=which.stores)
    require_version(which.seen, before.version)
    after = end(before, as_, at=now)
    await db_drives.save(session, after)
    await db_cars.release(session, after.dealer_id, after.id)
    car = await db_cars.find(session, after.dealer_id, after.demo_car_id)
    fact = completed if as_ is TestDriveState.COMPLETED else cancelled
    told = await led_along(session, {lead.id: lead}, [after], at=now)
    await publish(session, [fact(lead, after, car, at=now), *told])
    return after


async def call_off_test_drives(session: AsyncSession, lead: Lead, *, now: datetime) -> list[TestDriveCancelled]:
    """What is booked for the lead that closes is cancelled, and its cars are free. Answers what to publish."""
    drives = await db_drives.cancel_booked(session, lead.dealer_id, lead.id, at=now)
    cars = await db_cars.some(session, {(drive.dealer_id, drive.demo_car_id) for drive in drives})
    return [cancelled(lead, drive, cars[drive.demo_car_id], at=now) for drive in drives]
