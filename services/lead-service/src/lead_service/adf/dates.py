"""Instants as senders write them."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

_SECOND = r"(?::(?P<second>\d{1,2})(?:[.,:]\d+)?)?"
_CLOCK = (
    rf"(?:[T,\s]+(?:at\s+)?(?P<half_before>上午|下午)?\s*(?P<hour>\d{{1,2}}):(?P<minute>\d{{1,2}}){_SECOND}"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r"\s*\(?(?P<zone>[A-Za-z]{1,4}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{1,2})?)?\)?"
_WEEKDAY = r"(?:[A-Za-z]{3,9},?\s+)?"
_AMERICAN = re.compile(rf"(?P<month>\d{{1,2}})[/-](?P<day>\d{{1,2}})[/-](?P<year>\d{{4}}|\d{{2}}){_CLOCK}{_ZONE}")
_FORMS = (
    re.compile(rf"(?P<year>\d{{4}})[-/.年](?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})日?{_CLOCK}{_ZONE}"),
    _AMERICAN,
    re.compile(
        rf"{_WEEKDAY}(?P<word>[A-Za-z]{{3}})[a-z]*\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}){_CLOCK}{_ZONE}"
    ),
    re.compile(
        rf"{_WEEKDAY}(?P<word>[A-Za-z]{{3}})\s+(?P<day>\d{{1,2}})\s+(?P<hour>\d{{1,2}}):(?P<minute>\d\d){_SECOND}"
        r"(?:\s+(?P<zone>[A-Z]{3,4}))?\s+(?P<year>\d{4})"
    ),
    re.compile(
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        rf"(?:[T\s]?(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?)?{_ZONE}"
    ),
)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{1,2})?", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HOURS_WEST = {"EST": 5, "EDT": 4, "CST": 6, "CDT": 5, "MST": 7, "MDT": 6, "PST": 8, "PDT": 7, "AKST": 9, "HST": 10}
"""Zones of the United States (RFC 5322, 4.3, and those beyond)."""
_NOON = _MOST_MONTHS = 12
_FIRST_SHORT_YEAR = 1970


def read_instant(text: str, zone: tzinfo) -> datetime:
    """The instant that `text` names, in UTC; local to `zone` where it names no zone of its own.

    Reads ISO 8601 as loosely as it is written (one-digit hours and offsets, no seconds, slashes, no separators),
    dates of the United States with their zones, and RFC 5322. A zone's short name is `zone`'s own first.

    Raises:
        ValueError: it is no such date.
    """
    try:
        return _read(text.strip(), zone).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a date outside the calendar") from error


def _read(text: str, zone: tzinfo) -> datetime:
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _instant(_in_order(match.groupdict()) if form is _AMERICAN else match.groupdict(), zone)
    instant = parsedate_to_datetime(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _in_order(parts: dict[str, str | None]) -> dict[str, str | None]:
    """Month and day as they must be meant where the first is no month."""
    if int(parts["month"] or 0) <= _MOST_MONTHS:
        return parts
    return {**parts, "month": parts["day"], "day": parts["month"]}


def _instant(parts: dict[str, str | None], zone: tzinfo) -> datetime:
    day, hour, minute, second = (int(parts.get(name) or 0) for name in ("day", "hour", "minute", "second"))
    year, month = _year(parts["year"] or ""), _month(parts)
    half = (parts.get("half") or parts.get("half_before") or "").lower()
    if half:
        hour = hour % _NOON + (_NOON if half[0] in "p下" else 0)
    wall = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    return wall.replace(tzinfo=_zone(parts["zone"], wall) or zone)


def _year(text: str) -> int:
    if len(text) > 2:  # noqa: PLR2004 (a year of two digits, as `date` of POSIX reads it)
        return int(text)
    return int(text) + (2000 if int(text) + 1900 < _FIRST_SHORT_YEAR else 1900)


def _month(parts: dict[str, str | None]) -> int:
    if word := parts.get("word"):
        return _MONTHS.index(word.lower()) + 1
    return int(parts["month"] or 0)


def _zone(text: str | None, wall: datetime) -> tzinfo | None:
    """The zone of that name, which in the dealer's own country is a zone of theirs: CST is China's in China."""
    if not text or text.upper() == wall.tzname():
        return None
    if match := _OFFSET.fullmatch(text):
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-offset if sign == "-" else offset)
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    if text.upper() not in _HOURS_WEST:
        raise ValueError(f"no zone is called {text}")
    return timezone(-timedelta(hours=_HOURS_WEST[text.upper()]))
