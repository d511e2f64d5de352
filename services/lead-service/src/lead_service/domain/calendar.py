"""A store's working calendar (工作日历), and working time: what is counted of the time between two moments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MIDNIGHT = time(0)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NO_TIME = timedelta()

MOST_SHIFTS = 12
MOST_DATES = 1_000
LEAST_WEEK = timedelta(hours=4)
"""A store that works less would let a due time drift years away."""


class Weekday(StrEnum):
    """The days of the week, Monday first, as `date.weekday` counts them."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_WEEK = tuple(Weekday)

Stretch = tuple[datetime, datetime]
"""From its first moment up to, but without, its last."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of a day that people work, by the store's clock. One that closes at 00:00 ends with the day.

    Raises:
        ValueError: it closes before it opens, or a time names a zone of its own.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("a shift is in the store's own time and names no zone")
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise ValueError("a shift closes after it opens")

    def on(self, day: date) -> Stretch:
        """What a clock at the store shows when the shift of this day opens and closes."""
        ends_on = day + DAY if self.closes == MIDNIGHT else day
        return datetime.combine(day, self.opens, UTC), datetime.combine(ends_on, self.closes, UTC)

    @property
    def length(self) -> timedelta:
        """How long it is on a day whose clocks are not moved."""
        opens, closes = self.on(date.min)
        return closes - opens


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When a store works. Without shifts it is open round the clock, whatever the holidays.

    A make-up day (调休) is worked like the weekday it names. On the day that clocks are moved, a shift is the time at
    which the store's clock shows it: an hour that is skipped is not worked, one that is repeated is worked twice.

    Raises:
        ValueError: the time zone is unknown, shifts of a day overlap or are out of order, the week is shorter than
            four hours, or a date is both a holiday and a make-up day.
    """

    time_zone: str = "Asia/Shanghai"
    shifts: Mapping[Weekday, tuple[Shift, ...]] = field(default_factory=dict)
    holidays: tuple[date, ...] = ()
    make_up_days: Mapping[date, Weekday] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_zone(self.time_zone)
        for weekday, shifts in self.shifts.items():
            _require_order(weekday, shifts)
        if self.shifts and sum((s.length for day in self.shifts.values() for s in day), NO_TIME) < LEAST_WEEK:
            raise ValueError("shifts add up to at least 4 hours a week; none at all is open round the clock")
        if max(len(self.holidays), len(self.make_up_days)) > MOST_DATES:
            raise ValueError(f"a calendar names at most {MOST_DATES} holidays and as many make-up days")
        if both := set(self.holidays) & set(self.make_up_days):
            raise ValueError(f"{min(both)} is a holiday and a make-up day")

    def is_open(self, at: datetime) -> bool:
        """Whether the store works at that moment."""
        if not self.shifts:
            return True
        clock = at.astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=UTC)
        return any(opens <= clock < closes for opens, closes in self._shown(clock.date()))

    def opening(self, at: datetime) -> datetime:
        """The first moment from `at` on at which the store works."""
        return at if self.is_open(at) else next(self._worked_from(at))[0]

    def add_working_time(self, at: datetime, minutes: int) -> datetime:
        """The first moment by which so many minutes (0 or more) have been worked since `at`."""
        left = timedelta(minutes=minutes)
        if not self.shifts or not left:
            return at + left
        stretches = self._worked_from(at)
        start, end = next(stretches)
        while end - start < left:
            left -= end - start
            start, end = next(stretches)
        return start + left

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much is worked from `start` up to `end`; nothing where that lies before."""
        if not self.shifts:
            return max(end - start, NO_TIME)
        worked = takewhile(lambda stretch: stretch[0] < end, self._worked_from(start))
        return sum((min(closes, end) - opens for opens, closes in worked), NO_TIME)

    def add_working_days(self, at: datetime, days: int) -> datetime:
        """The same time of the day as `at`, so many days (0 or more) later of which the store works each."""
        zone = ZoneInfo(self.time_zone)
        clock = at.astimezone(zone)
        day = clock.date()
        while days:
            day += DAY
            days -= bool(self._shown(day) or not self.shifts)
        return datetime.combine(day, clock.time(), zone).astimezone(UTC)

    def _worked_from(self, at: datetime) -> Iterator[Stretch]:
        """All that is worked from `at` on, stretch by stretch, without end."""
        at = at.astimezone(UTC)
        day = at.astimezone(ZoneInfo(self.time_zone)).date()
        while True:
            yield from ((max(start, at), end) for start, end in self._worked_on(day) if end > at)
            day += DAY

    def _worked_on(self, day: date) -> Iterator[Stretch]:
        """What is worked on a day, in UTC."""
        shown = self._shown(day)
        if not shown:
            return
        midnight = datetime.combine(day, MIDNIGHT, UTC)
        for start, end, ahead in _even(ZoneInfo(self.time_zone), midnight - DAY, midnight + 2 * DAY):
            for opens, closes in shown:
                stretch = max(opens - ahead, start), min(closes - ahead, end)
                if stretch[0] < stretch[1]:
                    yield stretch

    def _shown(self, day: date) -> list[Stretch]:
        """What a clock at the store shows when each shift of the day opens and closes."""
        if day in self.holidays:
            return []
        weekday = self.make_up_days.get(day, _WEEK[day.weekday()])
        return [shift.on(day) for shift in self.shifts.get(weekday, ())]


def _even(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The parts of a few days in which no clock is moved, each with how far local time is ahead of UTC."""
    ahead, at_last = _ahead(zone, start), _ahead(zone, end)
    if ahead == at_last:
        yield start, end, ahead
        return
    before, moved = start, end
    while moved - before > SECOND:
        middle = (before + (moved - before) / 2).replace(microsecond=0)
        before, moved = (middle, moved) if _ahead(zone, middle) == ahead else (before, middle)
    yield start, moved, ahead
    yield from _even(zone, moved, end)


def _ahead(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or NO_TIME


def _require_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone") from error


def _require_order(weekday: Weekday, shifts: tuple[Shift, ...]) -> None:
    if len(shifts) > MOST_SHIFTS:
        raise ValueError(f"{weekday} has at most {MOST_SHIFTS} shifts")
    if any(earlier.closes == MIDNIGHT or earlier.closes > later.opens for earlier, later in pairwise(shifts)):
        raise ValueError(f"the shifts of {weekday} follow each other and do not overlap")
