"""Days as the dealer's calendar has them."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_day(at: datetime, time_zone: str) -> date:
    """The day on which the instant falls in the zone."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def end_of_day(day: date, time_zone: str) -> datetime:
    """The first instant (UTC) at which the day is over in the zone."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone)).astimezone(UTC)


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` (may be negative) later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def instant_months_after(at: datetime, months: int) -> datetime:
    """The same time of day on the day `months` (may be negative) later."""
    return datetime.combine(months_after(at.date(), months), at.timetz())
