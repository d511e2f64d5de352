"""Test drives (试驾): a demo car for a lead, at a time that nobody else has it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from lead_service.domain.calendar import WorkingCalendar
from lead_service.domain.errors import LicenceNotValid, SlotNotOffered, TestDriveAhead, TestDriveOver
from lead_service.domain.stage import Stage, ahead

SLOT_MINUTES = 30
SLOT = timedelta(minutes=SLOT_MINUTES)
LONGEST_FORGOTTEN_MINUTES = 7 * 24 * 60


class TestDriveState(StrEnum):
    """Where a test drive stands. Booked and started ones keep the car."""

    __test__ = False

    BOOKED = "booked"
    STARTED = "started"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of it."""
        return self not in (TestDriveState.BOOKED, TestDriveState.STARTED)


class LicenceClass(StrEnum):
    """What a Chinese driving licence (准驾车型) is for."""

    A1 = "a1"
    A2 = "a2"
    A3 = "a3"
    B1 = "b1"
    B2 = "b2"
    C1 = "c1"
    C2 = "c2"
    C3 = "c3"
    C4 = "c4"
    C5 = "c5"
    C6 = "c6"


DRIVES_CARS = (
    LicenceClass.A1,
    LicenceClass.A2,
    LicenceClass.A3,
    LicenceClass.B1,
    LicenceClass.B2,
    LicenceClass.C1,
    LicenceClass.C2,
    LicenceClass.C5,
)


@dataclass(frozen=True, slots=True)
class Licence:
    """What was seen of the driver's licence. Its number is an identity number in China, and is not kept."""

    licence_class: LicenceClass
    valid_until: date


@dataclass(frozen=True, slots=True)
class TestDrivePolicy:
    """When demo cars can be had, for how long, and by whom. Hours are the store's local ones; in closed time none can.

    A drive of which nobody says what became of it is over `forgotten_after_minutes` after its end: a no-show, or
    completed if it had begun.

    Raises:
        ValueError: the hours hold no slot, a length is no number of half hours that fits into a day, or forgotten
            drives stay open for more than a week.
    """

    __test__ = False

    opens: time = time(9)
    closes: time = time(20)
    minutes: int = 60
    longest_minutes: int = 240
    forgotten_after_minutes: int = 120
    licence_classes: tuple[LicenceClass, ...] = DRIVES_CARS

    def __post_init__(self) -> None:
        hours = (self.opens, self.closes)
        if any(hour.tzinfo or hour.minute % SLOT_MINUTES or hour.second or hour.microsecond for hour in hours):
            raise ValueError("opens and closes are full or half hours without a zone")
        if self.opens >= self.closes:
            raise ValueError("opens comes before closes")
        for name in ("minutes", "longest_minutes"):
            if not 0 < getattr(self, name) <= 24 * 60 or getattr(self, name) % SLOT_MINUTES:
                raise ValueError(f"{name} is a number of half hours up to a day")
        if self.minutes > self.longest_minutes:
            raise ValueError("minutes are at most longest_minutes")
        if not 0 <= self.forgotten_after_minutes <= LONGEST_FORGOTTEN_MINUTES:
            raise ValueError(f"forgotten_after_minutes lies between 0 and {LONGEST_FORGOTTEN_MINUTES}")

    @property
    def grace(self) -> timedelta:
        """How long after its end people may still say what became of a drive."""
        return timedelta(minutes=self.forgotten_after_minutes)


@dataclass(frozen=True, slots=True)
class TestDrive:
    """A booking of a demo car for a lead, and what became of it. `from_stage` is where the lead was before it."""

    __test__ = False

    dealer_id: UUID
    id: UUID
    lead_id: UUID
    store_id: UUID
    demo_car_id: UUID
    state: TestDriveState
    starts_at: datetime
    minutes: int
    advisor_id: UUID | None
    note: str | None
    booked_at: datetime
    from_stage: Stage
    licence: Licence | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1

    @property
    def ends_at(self) -> datetime:
        """When the car is free again, as booked."""
        return self.starts_at + timedelta(minutes=self.minutes)


STAGE_AFTER = {
    TestDriveState.BOOKED: Stage.APPOINTED,
    TestDriveState.STARTED: Stage.VISITED,
    TestDriveState.COMPLETED: Stage.TEST_DRIVEN,
}
"""How far a test drive takes its lead."""


def stage_after(at: Stage, drive: TestDrive, *, has_other: bool) -> Stage:
    """The stage of a lead after what became of its drive, which may be its only open one.

    Where the appointment alone fell through, the lead is back where the booking found it.
    """
    if drive.state in STAGE_AFTER:
        return ahead(at, STAGE_AFTER[drive.state])
    if at is not Stage.APPOINTED or has_other:
        return at
    return min(at, drive.from_stage, key=list(Stage).index)


def slots_of(starts_at: datetime, minutes: int) -> list[datetime]:
    """The half hours that a booking takes, by their starts, oldest first."""
    return [starts_at + n * SLOT for n in range(minutes // SLOT_MINUTES)]


def slots_on(policy: TestDrivePolicy, on: date, zone: ZoneInfo, calendar: WorkingCalendar) -> list[datetime]:
    """The day's half hours, worked from their starts to their ends, by their starts, in UTC, oldest first."""
    starts, closes = datetime.combine(on, policy.opens), datetime.combine(on, policy.closes)
    count = (closes - starts) // SLOT
    slots = {(starts + n * SLOT).replace(tzinfo=zone).astimezone(UTC) for n in range(count)}
    return sorted(slot for slot in slots if calendar.working_time_between(slot, slot + SLOT) == SLOT)


def require_offered(
    policy: TestDrivePolicy, starts_at: datetime, minutes: int, slots: Collection[datetime], *, at: datetime
) -> None:
    """Let a booking pass that lies ahead and takes some of its day's slots.

    Raises:
        SlotNotOffered: it does not.
    """
    if starts_at <= at:
        raise SlotNotOffered(starts_at, "it has passed")
    if minutes % SLOT_MINUTES or not 0 < minutes <= policy.longest_minutes:
        raise SlotNotOffered(starts_at, f"it takes half hours, {policy.longest_minutes} minutes at most")
    if not set(slots_of(starts_at, minutes)) <= set(slots):
        hours = f"{policy.opens:%H:%M} to {policy.closes:%H:%M}"
        raise SlotNotOffered(starts_at, f"demo cars can be had from {hours} while the store works, by half hours")


def start(drive: TestDrive, licence: Licence, policy: TestDrivePolicy, *, today: date, at: datetime) -> TestDrive:
    """The booked drive as it begins, with the licence that was seen.

    Raises:
        TestDriveOver: it began already, or nothing more becomes of it.
        TestDriveAhead: its time is more than half an hour away.
        LicenceNotValid: the licence has run out, or is for something else.
    """
    if drive.state is not TestDriveState.BOOKED:
        raise TestDriveOver(drive.id, drive.state)
    if at < drive.starts_at - SLOT:
        raise TestDriveAhead(drive.starts_at)
    if licence.valid_until < today:
        raise LicenceNotValid(f"it was valid until {licence.valid_until.isoformat()}")
    if licence.licence_class not in policy.licence_classes:
        raise LicenceNotValid(f"class {licence.licence_class.upper()} does not admit to demo cars here")
    return replace(drive, state=TestDriveState.STARTED, licence=licence, started_at=at, version=drive.version + 1)


def end(drive: TestDrive, as_: TestDriveState, *, at: datetime) -> TestDrive:
    """The drive as completed, if it had begun; as cancelled or a no-show, if it had not.

    Raises:
        TestDriveOver: it had not begun, or had, or nothing more becomes of it.
        TestDriveAhead: nobody has failed to come yet.
    """
    from_ = TestDriveState.STARTED if as_ is TestDriveState.COMPLETED else TestDriveState.BOOKED
    if drive.state is not from_:
        raise TestDriveOver(drive.id, drive.state)
    if as_ is TestDriveState.NO_SHOW and at < drive.starts_at:
        raise TestDriveAhead(drive.starts_at)
    return replace(drive, state=as_, ended_at=at, version=drive.version + 1)
