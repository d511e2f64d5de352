"""Days and hours as the customer's clock shows them."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_ZONE = "Asia/Shanghai"


@cache
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name, or China's where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(DEFAULT_ZONE)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day it is there at that instant."""
    return at.astimezone(zone).date()


def day_starts_at(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which that calendar day begins there, also where its midnight does not exist."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def next_day_starts_at(at: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the calendar day after `at` begins there."""
    return day_starts_at(local_date(at, zone) + timedelta(days=1), zone)


def next_at(at: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) after `at` at which a clock there shows `clock`.

    A time that a change to summer time skips comes as much later as the clock jumped; one that
    a change back repeats comes twice.
    """
    days = [local_date(at, zone) + timedelta(days=d) for d in (-1, 0, 1, 2)]
    instants = (i for day in days for i in _instants_of(datetime.combine(day, clock), zone))
    return min(instant for instant in instants if instant > at)


def _instants_of(wall: datetime, zone: ZoneInfo) -> set[datetime]:
    """When (UTC) clocks there show this: once, twice, or, where it is skipped, when they have jumped over it.

    PEP 495: `fold` chooses between two; for a skipped time `fold=1` is the hour before the jump.
    """
    both = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return {instant for instant in both if instant.astimezone(zone).replace(tzinfo=None) >= wall}
