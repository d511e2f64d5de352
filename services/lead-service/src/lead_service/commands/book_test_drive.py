"""Booking a demo car for a lead (预约试驾), and moving the booking."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_chassis.versions import require_version
from baoke_events import TestDriveBooked
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.facts.test_drives import booked
from lead_service.commands.lead_along import led_along
from lead_service.db import advisors as db_advisors
from lead_service.db import demo_cars as db_cars
from lead_service.db import leads as db_leads
from lead_service.db import test_drives as db_drives
from lead_service.domain.advisor import require_active
from lead_service.domain.demo_car import DemoCar
from lead_service.domain.errors import AdvisorBusy, DemoCarNotAvailable, TestDriveOver
from lead_service.domain.lead import Lead, require_open
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.stage import Stage
from lead_service.domain.test_drive import TestDrive, TestDriveState, require_offered


@dataclass(frozen=True, slots=True)
class BookTestDrive:
    """A lead's person is to drive a demo car. Without `minutes` it is for as long as the policy says.

    `advisor_id` is who goes along, if not the lead's own. `stores` are those the lead may be in; None is all.
    """

    dealer_id: UUID
    lead_id: UUID
    demo_car_id: UUID
    starts_at: datetime
    minutes: int | None = None
    advisor_id: UUID | None = None
    note: str | None = None
    stores: Collection[UUID] | None = None


@dataclass(frozen=True, slots=True)
class MoveTestDrive:
    """A booked test drive is to be at another time, in another car, or with somebody else. None stays as it is."""

    dealer_id: UUID
    test_drive_id: UUID
    demo_car_id: UUID | None = None
    starts_at: datetime | None = None
    minutes: int | None = None
    advisor_id: UUID | None = None
    note: str | None = None
    seen: int | None = None
    stores: Collection[UUID] | None = None


async def book_test_drive(session: AsyncSession, command: BookTestDrive, *, now: datetime) -> TestDrive:
    """The car is the lead's for that while, and the lead is at `appointed` at least.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
        DemoCarNotFound: the dealer has no such car.
        DemoCarNotAvailable: it is out of service, or stands in another store than the lead's.
        SlotNotOffered: it cannot be had then.
        SlotTaken: somebody else has it, or the lead has another one.
        NotOnTheRoster: who is named to go along is no active advisor of the store's roster.
        AdvisorBusy: who goes along does so with somebody else then.
    """
    lead = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    require_open(lead)
    policy = await rules_of(session, lead.dealer_id, LeadPolicy)
    drive = _drive(command, lead, policy, await _found_at(session, lead), now)
    await _require_company(session, drive, named=command.advisor_id)
    car = await _keep_car(session, drive, lead, policy, now)
    await db_drives.add(session, drive)
    told = await led_along(session, {lead.id: lead}, [drive], at=now)
    await publish(session, [booked(lead, drive, car, at=now), *told])
    return drive


async def move_test_drive(session: AsyncSession, command: MoveTestDrive, *, now: datetime) -> TestDrive:
    """The booking is as wanted, and the half hours that it left are free.

    Only one that is moved, to another time, while or car, asks for a car anew and is told of.

    Raises:
        TestDriveNotFound: the dealer has none like that.
        LeadNotFound: its lead is not in these stores.
        StaleVersion: it changed since the caller saw version `seen`.
        TestDriveOver: it has begun, or nothing more becomes of it.
        LeadClosed, DemoCarNotFound, DemoCarNotAvailable, SlotNotOffered, SlotTaken, NotOnTheRoster, AdvisorBusy: as
            for a booking.
    """
    lead, before = await lock_drive(session, command.dealer_id, command.test_drive_id, stores=command.stores)
    require_version(command.seen, before.version)
    require_open(lead)
    if before.state is not TestDriveState.BOOKED:
        raise TestDriveOver(before.id, before.state)
    after = _moved(before, command)
    if after == before:
        return before
    after = replace(after, version=before.version + 1)
    is_moved = _kept(after) != _kept(before)
    if is_moved or after.advisor_id != before.advisor_id:
        await _require_company(session, after, named=command.advisor_id)
    told = [await _rebook(session, lead, before, after, now)] if is_moved else []
    await db_drives.save(session, after)
    await publish(session, told)
    return after


async def lock_drive(
    session: AsyncSession, dealer_id: UUID, test_drive_id: UUID, *, stores: Collection[UUID] | None
) -> tuple[Lead, TestDrive]:
    """A test drive and its lead, locked: the lead first, as everywhere.

    Raises:
        TestDriveNotFound: the dealer has none like that.
        LeadNotFound: its lead is not in these stores.
    """
    found = await db_drives.find(session, dealer_id, test_drive_id)
    lead = await db_leads.lock(session, dealer_id, found.lead_id, stores=stores)
    return lead, await db_drives.find(session, dealer_id, test_drive_id, lock=True)


async def _rebook(
    session: AsyncSession, lead: Lead, before: TestDrive, after: TestDrive, now: datetime
) -> TestDriveBooked:
    """The half hours are those of the drive as it is to be. Answers what to publish."""
    policy = await rules_of(session, lead.dealer_id, LeadPolicy)
    await db_cars.lock_all(session, lead.dealer_id, {before.demo_car_id, after.demo_car_id})
    await db_cars.release(session, before.dealer_id, before.id)
    car = await _keep_car(session, after, lead, policy, now)
    return booked(lead, after, car, moved_from_at=before.starts_at, at=now)


async def _found_at(session: AsyncSession, lead: Lead) -> Stage:
    """Where the lead was before it got appointments, if it has some."""
    return (await db_drives.open_of_leads(session, [lead])).get(lead.id, lead.stage)


async def _require_company(session: AsyncSession, drive: TestDrive, *, named: UUID | None) -> None:
    """Let a drive pass whose advisor can go along. Their lock makes their bookings wait for each other.

    Raises:
        NotOnTheRoster, AdvisorBusy: as for a booking.
    """
    if drive.advisor_id is None:
        return
    standings = await db_advisors.lock(session, {(drive.dealer_id, drive.advisor_id)})
    if named is not None:
        require_active({named}, standings, stores={drive.store_id})
    if await db_drives.takes_advisor_twice(session, drive):
        raise AdvisorBusy(drive.advisor_id)


async def _keep_car(session: AsyncSession, drive: TestDrive, lead: Lead, policy: LeadPolicy, now: datetime) -> DemoCar:
    """The car, kept for the drive. Its lock makes bookings wait for each other; the key of the slots is the fence."""
    car = await db_cars.lock(session, drive.dealer_id, drive.demo_car_id)
    if not car.in_service:
        raise DemoCarNotAvailable(car.plate, "is out of service")
    if car.store_id != lead.store_id:
        raise DemoCarNotAvailable(car.plate, "stands in another store than the lead's")
    slots = policy.demo_car_slots(car.store_id, drive.starts_at.astimezone(policy.zone_of(car.store_id)).date())
    require_offered(policy.test_drives, drive.starts_at, drive.minutes, slots, at=now)
    await db_cars.claim(session, drive)
    return car


def _drive(command: BookTestDrive, lead: Lead, policy: LeadPolicy, found_at: Stage, now: datetime) -> TestDrive:
    return TestDrive(
        dealer_id=lead.dealer_id,
        id=uuid7(),
        lead_id=lead.id,
        store_id=lead.store_id,
        demo_car_id=command.demo_car_id,
        state=TestDriveState.BOOKED,
        starts_at=command.starts_at,
        minutes=command.minutes or policy.test_drives.minutes,
        advisor_id=command.advisor_id or lead.advisor_id,
        note=command.note,
        booked_at=now,
        from_stage=found_at,
    )


def _moved(drive: TestDrive, command: MoveTestDrive) -> TestDrive:
    return replace(
        drive,
        demo_car_id=command.demo_car_id or drive.demo_car_id,
        starts_at=command.starts_at or drive.starts_at,
        minutes=command.minutes or drive.minutes,
        advisor_id=command.advisor_id or drive.advisor_id,
        note=drive.note if command.note is None else command.note,
    )


def _kept(drive: TestDrive) -> tuple[UUID, datetime, int]:
    """What a drive keeps: which car, when, and for how long."""
    return drive.demo_car_id, drive.starts_at, drive.minutes
