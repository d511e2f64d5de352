from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.calendar import Shift, Weekday, WorkingCalendar

MINUTE = timedelta(minutes=1)
MORNING, AFTERNOON = Shift(time(9), time(12)), Shift(time(13), time(18))
OFFICE_HOURS = WorkingCalendar(shifts=dict.fromkeys(list(Weekday)[:5], (MORNING, AFTERNOON)))

zones = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo"]
)
days = st.dates(date(2026, 1, 1), date(2027, 1, 1))
minutes = st.integers(0, 3_000)


@st.composite
def shifts(draw):
    """Some shifts of one day, in order, at least four hours long together."""
    edges = sorted(draw(st.sets(st.integers(0, 1440 // 5), min_size=2, max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    pairs = [(start * 5, end * 5) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    found = tuple(Shift(clock(start), clock(end)) for start, end in pairs)
    return found if sum((shift.length for shift in found), timedelta()) >= timedelta(hours=4) else (MORNING, AFTERNOON)


@st.composite
def calendars(draw):
    worked = draw(st.dictionaries(st.sampled_from(Weekday), shifts(), min_size=1))
    holidays = draw(st.sets(days, max_size=5))
    make_up_days = draw(st.dictionaries(days, st.sampled_from(Weekday), max_size=3))
    return WorkingCalendar(
        draw(zones),
        worked,
        tuple(sorted(holidays)),
        {day: weekday for day, weekday in make_up_days.items() if day not in holidays},
    )


@st.composite
def moments(draw):
    """Whole minutes, many of them around the nights in which clocks are moved."""
    day = draw(days | st.sampled_from([date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1)]))
    return datetime.combine(day, time(), UTC) + draw(st.integers(-1440, 2880)) * MINUTE


@given(calendars(), moments(), minutes)
def test_what_is_added_is_what_lies_between(calendar, at, added):
    reached = calendar.add_working_time(at, added)

    assert calendar.working_time_between(at, reached) == added * MINUTE
    assert calendar.working_time_between(at, reached - MINUTE) < added * MINUTE or not added


@given(calendars(), moments(), minutes, minutes)
def test_adding_twice_is_adding_the_sum(calendar, at, first, second):
    twice = calendar.add_working_time(calendar.add_working_time(at, first), second)

    assert twice == calendar.add_working_time(at, first + second)


@given(calendars(), moments(), moments(), minutes)
def test_who_starts_later_is_not_done_earlier(calendar, one, other, added):
    earlier, later = sorted((one, other))

    assert calendar.add_working_time(earlier, added) <= calendar.add_working_time(later, added)


@given(calendars(), st.lists(moments(), min_size=3, max_size=3))
def test_working_time_adds_up(calendar, found):
    start, middle, end = sorted(found)

    whole = calendar.working_time_between(start, end)
    assert whole == calendar.working_time_between(start, middle) + calendar.working_time_between(middle, end)
    assert timedelta() <= whole <= end - start


@given(calendars(), moments(), st.integers(0, 2_000))
def test_working_time_is_what_a_walk_by_minutes_counts(calendar, start, length):
    walked = sum(shows_open(calendar, start + n * MINUTE) for n in range(length))

    assert calendar.working_time_between(start, start + length * MINUTE) == walked * MINUTE


@given(calendars(), moments())
def test_the_opening_is_the_first_open_moment(calendar, at):
    opening = calendar.opening(at)

    assert opening >= at
    assert calendar.is_open(opening)
    assert calendar.working_time_between(at, opening) == timedelta()


@given(moments(), minutes)
def test_a_store_without_shifts_is_open_round_the_clock(at, added):
    calendar = WorkingCalendar(holidays=(at.date(),))

    assert calendar.is_open(at)
    assert calendar.add_working_time(at, added) == at + added * MINUTE


def test_closed_time_does_not_count():
    friday_evening = shanghai(2026, 1, 9, 17, 50)

    assert OFFICE_HOURS.add_working_time(friday_evening, 30) == shanghai(2026, 1, 12, 9, 20)
    assert OFFICE_HOURS.add_working_time(shanghai(2026, 1, 9, 11, 50), 30) == shanghai(2026, 1, 9, 13, 20)


def test_a_holiday_is_closed_and_a_make_up_day_is_worked_like_the_day_it_names():
    calendar = WorkingCalendar(
        shifts=OFFICE_HOURS.shifts,
        holidays=(date(2026, 2, 16),),
        make_up_days={date(2026, 2, 14): Weekday.MONDAY},
    )

    assert not calendar.is_open(shanghai(2026, 2, 16, 10, 0))
    assert calendar.is_open(shanghai(2026, 2, 14, 10, 0))
    assert not calendar.is_open(shanghai(2026, 2, 15, 10, 0))


def test_a_night_in_which_clocks_go_back_is_an_hour_longer():
    night = WorkingCalendar("Europe/Berlin", dict.fromkeys(Weekday, (Shift(time(0), time(6)),)))
    zone = ZoneInfo("Europe/Berlin")

    def worked(day: int, month: int) -> timedelta:
        start = datetime(2026, month, day, tzinfo=zone)
        return night.working_time_between(start, start + timedelta(days=1))

    assert [worked(24, 10), worked(25, 10), worked(29, 3)] == [timedelta(hours=hours) for hours in (6, 7, 5)]


def test_a_year_is_counted_without_walking_it():
    start = shanghai(2026, 1, 1, 0, 0)

    assert OFFICE_HOURS.working_time_between(start, start + timedelta(days=364)) == timedelta(hours=52 * 40)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"time_zone": "Moon/Sea"}, "is no time zone"),
        ({"shifts": {Weekday.MONDAY: ()}}, "at least 4 hours a week"),
        ({"shifts": {Weekday.MONDAY: (Shift(time(9), time(12, 59)),)}}, "at least 4 hours a week"),
        ({"shifts": {Weekday.MONDAY: (AFTERNOON, MORNING)}}, "follow each other"),
        ({"shifts": {Weekday.MONDAY: (MORNING, Shift(time(11), time(18)))}}, "follow each other"),
        ({"shifts": {Weekday.MONDAY: (Shift(time(9), time(0)), Shift(time(10), time(11)))}}, "follow each other"),
        ({"shifts": {Weekday.MONDAY: tuple(Shift(time(n), time(n, 30)) for n in range(13))}}, "at most 12 shifts"),
        ({"holidays": tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(1_001))}, "at most 1000"),
        ({"holidays": (date(2026, 2, 14),), "make_up_days": {date(2026, 2, 14): Weekday.MONDAY}}, "a make-up day"),
    ],
)
def test_a_calendar_that_nobody_could_work_by_is_refused(wrong, why):
    with pytest.raises(ValueError, match=why):
        WorkingCalendar(**wrong)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(time(9), time(9)), (time(9), time(8)), (time(9, tzinfo=UTC), time(10)), (time(9), time(8, 59))],
)
def test_a_shift_that_ends_before_it_begins_is_refused(opens, closes):
    with pytest.raises(ValueError, match=r"closes after it opens|names no zone"):
        Shift(opens, closes)


def clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def shanghai(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("Asia/Shanghai"))


def shows_open(calendar: WorkingCalendar, at: datetime) -> bool:
    """Whether the clock on the store's wall shows a time that somebody works."""
    wall = at.astimezone(ZoneInfo(calendar.time_zone))
    day = wall.date()
    weekday = calendar.make_up_days.get(day, list(Weekday)[day.weekday()])
    shifts_ = () if day in calendar.holidays else calendar.shifts.get(weekday, ())
    return any(
        shift.opens <= wall.time().replace(tzinfo=None) and (shift.closes == time(0) or wall.time() < shift.closes)
        for shift in shifts_
    )
