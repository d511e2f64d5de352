"""Instants as senders write them."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

_SECOND = r"(?::(?P<second>\d{1,2})(?:[.,]\d+)?)?"
_CLOCK = rf"(?:[T\s]+(?P<hour>\d{{1,2}}):(?P<minute>\d{{1,2}}){_SECOND}\s*(?P<half>[AaPp][Mm])?)?"
_ZONE = r"\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{1,2}(?::?\d{1,2})?)?"
_FORMS = (
    re.compile(rf"(?P<year>\d{{4}})[-/.年](?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})日?{_CLOCK}{_ZONE}"),
    re.compile(rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>\d{{4}}){_CLOCK}{_ZONE}"),
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{1,2})?")
_NOON = 12


def read_instant(text: str, zone: tzinfo) -> datetime:
    """The instant that `text` names, in UTC; local to `zone` where it names no zone of its own.

    Reads ISO 8601 as loosely as it is written (one-digit hours and offsets, no seconds, slashes),
    dates of the United States, and RFC 5322.

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
            return _instant(match.groupdict(), zone)
    instant = parsedate_to_datetime(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _instant(parts: dict[str, str | None], zone: tzinfo) -> datetime:
    year, month, day, hour, minute, second = (
        int(parts[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")
    )
    if half := parts["half"]:
        hour = hour % _NOON + (_NOON if half.lower() == "pm" else 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=_zone(parts["zone"]) or zone)


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if not (match := _OFFSET.fullmatch(text)):
        return UTC
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if sign == "-" else offset)
