from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.calendar import Shift, Weekday, WorkingCalendar
from lead_service.domain.errors import LicenceNotValid, SlotNotOffered, TestDriveAhead, TestDriveOver
from lead_service.domain.stage import Stage, StageChange, ahead, timed
from lead_service.domain.test_drive import (
    SLOT,
    Licence,
    LicenceClass,
    TestDrive,
    TestDrivePolicy,
    TestDriveState,
    end,
    require_offered,
    slots_of,
    slots_on,
    stage_after,
    start,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
TEN = datetime(2026, 1, 6, 10, tzinfo=ZONE).astimezone(UTC)
POLICY = TestDrivePolicy()
DRIVE = TestDrive(
    dealer_id=UUID(int=1),
    id=UUID(int=2),
    lead_id=UUID(int=3),
    store_id=UUID(int=4),
    demo_car_id=UUID(int=5),
    state=TestDriveState.BOOKED,
    starts_at=TEN,
    minutes=60,
    advisor_id=None,
    note=None,
    booked_at=NOW,
    from_stage=Stage.CONTACTED,
)
LICENCE = Licence(LicenceClass.C1, date(2026, 1, 6))


def test_a_booking_takes_each_half_hour_from_its_start_to_its_end():
    assert slots_of(TEN, 90) == [TEN, TEN + SLOT, TEN + 2 * SLOT]


def test_a_days_half_hours_lie_within_the_hours():
    slots = slots_on(TestDrivePolicy(opens=time(9), closes=time(10, 30)), date(2026, 1, 6), ZONE, WorkingCalendar())

    assert [f"{slot.astimezone(ZONE):%H:%M}" for slot in slots] == ["09:00", "09:30", "10:00"]


def test_only_half_hours_that_are_worked_to_their_ends_are_slots():
    shifts = {Weekday.TUESDAY: (Shift(time(9), time(12)), Shift(time(13), time(17, 45)))}
    calendar = WorkingCalendar(shifts=shifts, holidays=(date(2026, 1, 13),))

    slots = slots_on(POLICY, date(2026, 1, 6), ZONE, calendar)

    assert (len(slots), TEN in slots) == (15, True)
    assert not {TEN + timedelta(hours=hours) for hours in (2, 2.5, 7.5)} & set(slots)
    for closed in (date(2026, 1, 7), date(2026, 1, 13)):
        assert slots_on(POLICY, closed, ZONE, calendar) == []


def test_a_slot_of_a_zone_off_the_half_hour_is_offered():
    slots = slots_on(POLICY, date(2026, 1, 6), ZoneInfo("Asia/Kathmandu"), WorkingCalendar())

    assert slots[0] == datetime(2026, 1, 6, 3, 15, tzinfo=UTC)
    require_offered(POLICY, slots[0], 60, slots, at=NOW)


@given(st.integers(0, 47), st.integers(1, 8))
def test_a_booking_is_offered_where_all_its_half_hours_are(half_hour, length):
    starts_at = datetime(2026, 1, 6, tzinfo=ZONE).astimezone(UTC) + half_hour * SLOT
    within = half_hour >= 18 and half_hour + length <= 40

    assert _is_offered(starts_at, length * 30) is within


@pytest.mark.parametrize(
    ("starts_at", "minutes"),
    [
        (NOW - timedelta(days=1), 60),
        (TEN + timedelta(minutes=15), 30),
        (TEN + timedelta(seconds=1), 30),
        (TEN + timedelta(microseconds=1), 30),
        (TEN, 45),
        (TEN, 0),
        (TEN, -30),
        (TEN, 270),
        (datetime(2026, 1, 6, 8, 30, tzinfo=ZONE), 30),
        (datetime(2026, 1, 6, 19, 30, tzinfo=ZONE), 60),
        (datetime(2026, 1, 6, 0, 0, tzinfo=ZONE), 30),
    ],
)
def test_what_does_not_fit_is_not_offered(starts_at, minutes):
    assert not _is_offered(starts_at, minutes)


def test_a_drive_begins_with_a_licence_and_ends_once():
    begun = start(DRIVE, LICENCE, POLICY, today=date(2026, 1, 6), at=TEN)
    done = end(begun, TestDriveState.COMPLETED, at=TEN + timedelta(minutes=50))

    assert (begun.state, begun.licence, begun.started_at) == (TestDriveState.STARTED, LICENCE, TEN)
    assert (done.state, done.ended_at, done.version) == (TestDriveState.COMPLETED, TEN + timedelta(minutes=50), 3)


@pytest.mark.parametrize(
    "licence", [Licence(LicenceClass.C1, date(2026, 1, 5)), Licence(LicenceClass.C4, date(2030, 1, 1))]
)
def test_a_licence_that_ran_out_or_is_for_something_else_does_not_do(licence):
    with pytest.raises(LicenceNotValid):
        start(DRIVE, licence, POLICY, today=date(2026, 1, 6), at=TEN)


@pytest.mark.parametrize("state", sorted(set(TestDriveState) - {TestDriveState.BOOKED}))
def test_only_what_is_booked_begins_or_is_called_off(state):
    drive = replace(DRIVE, state=state)

    with pytest.raises(TestDriveOver):
        start(drive, LICENCE, POLICY, today=date(2026, 1, 6), at=TEN)
    for as_ in (TestDriveState.CANCELLED, TestDriveState.NO_SHOW):
        with pytest.raises(TestDriveOver):
            end(drive, as_, at=TEN)


@pytest.mark.parametrize("state", sorted(set(TestDriveState) - {TestDriveState.STARTED}))
def test_only_what_began_is_completed(state):
    with pytest.raises(TestDriveOver):
        end(replace(DRIVE, state=state), TestDriveState.COMPLETED, at=TEN)


def test_a_drive_starts_half_an_hour_before_its_time_at_the_earliest():
    with pytest.raises(TestDriveAhead):
        start(DRIVE, LICENCE, POLICY, today=date(2026, 1, 6), at=TEN - timedelta(minutes=31))

    assert start(DRIVE, LICENCE, POLICY, today=date(2026, 1, 6), at=TEN - SLOT).started_at == TEN - SLOT


def test_nobody_has_failed_to_come_before_the_time():
    with pytest.raises(TestDriveAhead):
        end(DRIVE, TestDriveState.NO_SHOW, at=TEN - timedelta(seconds=1))

    assert end(DRIVE, TestDriveState.NO_SHOW, at=TEN).state is TestDriveState.NO_SHOW


@pytest.mark.parametrize(
    ("found_at", "at", "has_other", "after"),
    [
        (Stage.NEW, Stage.APPOINTED, False, Stage.NEW),
        (Stage.CONTACTED, Stage.APPOINTED, False, Stage.CONTACTED),
        (Stage.CONTACTED, Stage.APPOINTED, True, Stage.APPOINTED),
        (Stage.APPOINTED, Stage.APPOINTED, False, Stage.APPOINTED),
        (Stage.NEGOTIATING, Stage.APPOINTED, False, Stage.APPOINTED),
        (Stage.CONTACTED, Stage.VISITED, False, Stage.VISITED),
        (Stage.CONTACTED, Stage.DEFEATED, False, Stage.DEFEATED),
    ],
)
def test_a_lead_whose_appointment_fell_through_is_where_the_booking_found_it(found_at, at, has_other, after):
    drive = replace(DRIVE, state=TestDriveState.CANCELLED, from_stage=found_at)

    assert stage_after(at, drive, has_other=has_other) is after


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens": time(9, 15)},
        {"closes": time(20, 0, 1)},
        {"opens": time(20), "closes": time(9)},
        {"opens": time(9, tzinfo=UTC)},
        {"minutes": 45},
        {"minutes": 0},
        {"longest_minutes": 1470},
        {"minutes": 120, "longest_minutes": 60},
        {"forgotten_after_minutes": -1},
        {"forgotten_after_minutes": 10_081},
    ],
)
def test_a_policy_that_cannot_work_is_none(wrong):
    with pytest.raises(ValueError, match=r"opens|closes|minutes"):
        TestDrivePolicy(**wrong)


@given(st.sampled_from(Stage), st.sampled_from(Stage))
def test_a_test_drive_takes_an_open_lead_ahead_only(at, to):
    way = list(Stage)

    reached = ahead(at, to)

    assert reached is at if at.is_closed else way.index(reached) == max(way.index(at), way.index(to))


def test_each_step_says_how_long_the_lead_stood_before_it():
    first = StageChange(Stage.NEW, Stage.CONTACTED, "a", NOW + timedelta(hours=2))
    second = StageChange(Stage.CONTACTED, Stage.VISITED, "b", NOW + timedelta(hours=5))

    assert [step.stayed for step in timed([first, second], since=NOW)] == [timedelta(hours=2), timedelta(hours=3)]
    assert [step.stayed for step in timed([first, second], since=None)] == [None, timedelta(hours=3)]


def _is_offered(starts_at, minutes):
    try:
        slots = slots_on(POLICY, starts_at.astimezone(ZONE).date(), ZONE, WorkingCalendar())
        require_offered(POLICY, starts_at, minutes, slots, at=NOW)
    except SlotNotOffered:
        return False
    return True
