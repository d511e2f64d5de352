"""Dates as tables hold them: written in a dozen ways, or as the number that Excel keeps."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from lead_service.tabular.cells import plain
from lead_service.tabular.model import CellRefused

_HOUR = r"(?P<half>上午|下午|晚上|凌晨|中午)?(?P<hour>\d{1,2})(?::|时|点)(?P<minute>\d{1,2})?分?"
_CLOCK = rf"(?:[T\s]*{_HOUR}(?:[:：]?(?P<second>\d{{1,2}})(?:\.\d+)?秒?)?\s*(?P<english_half>[AaPp][Mm])?)?"
_ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})\s*日?{_CLOCK}{_ZONE}"
)
_COMPACT = re.compile(rf"(?P<year>20\d{{2}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_CLOCK}{_ZONE}")
_YEAR_LAST = re.compile(rf"(?P<first>\d{{1,2}})[-/.](?P<second_part>\d{{1,2}})[-/.](?P<year>\d{{4}}){_CLOCK}{_ZONE}")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_BEGAN = datetime(1899, 12, 30)  # noqa: DTZ001 (a wall clock's; Excel knows no zones)
_SERIALS = range(36_526, 73_051)
"""2000-01-01 to 2100-01-01."""

_MONTHS = 12
_AFTER_NOON = {"下午", "晚上", "中午", "pm"}


def read_moment(text: str, zone: tzinfo) -> datetime:
    """The instant in UTC; local to `zone` where none is written, and at midnight where no time is.

    Raises:
        CellRefused: it is no date, or one that two people read differently.
    """
    bare = plain(text)
    try:
        return _local(bare, zone).astimezone(UTC)
    except CellRefused:
        raise
    except (ValueError, OverflowError):
        raise _not_a_date(text) from None


def _local(bare: str, zone: tzinfo) -> datetime:
    if _SERIAL.fullmatch(bare) and int(float(bare)) in _SERIALS:
        wall = _EXCEL_BEGAN + timedelta(days=float(bare))
        return (wall + timedelta(milliseconds=500)).replace(microsecond=0, tzinfo=zone)
    if match := _YEAR_FIRST.fullmatch(bare) or _COMPACT.fullmatch(bare):
        parts = match.groupdict()
        return _moment(parts, int(parts["month"]), int(parts["day"]), zone)
    if match := _YEAR_LAST.fullmatch(bare):
        parts = match.groupdict()
        return _moment(parts, *_month_and_day(bare, int(parts["first"]), int(parts["second_part"])), zone)
    raise _not_a_date(bare)


def _month_and_day(text: str, first: int, second: int) -> tuple[int, int]:
    """Americans write the month first, Europeans the day: sure only where one of them is no month, or both are one."""
    if first > _MONTHS:
        return second, first
    if second > _MONTHS or first == second:
        return first, second
    raise CellRefused(
        f"“{text}”可能是 {first} 月 {second} 日，也可能是 {second} 月 {first} 日。请写成 2026-01-05 的格式。",
        f'"{text}" may be day {second} of month {first} or day {first} of month {second}. Write it like 2026-01-05.',
    )


def _moment(parts: dict[str, str | None], month: int, day: int, zone: tzinfo) -> datetime:
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    half = (parts["half"] or parts["english_half"] or "").lower()
    if half in _AFTER_NOON and hour < _MONTHS:
        hour += _MONTHS
    elif half in {"am", "凌晨", "上午"} and hour == _MONTHS:
        hour = 0
    written = datetime(int(parts["year"] or 0), month, day, hour, minute, second, tzinfo=zone)
    if parts["zone"]:
        return datetime.fromisoformat(written.replace(tzinfo=None).isoformat() + parts["zone"].upper())
    return written


def _not_a_date(text: str) -> CellRefused:
    return CellRefused(
        f"看不懂日期“{text}”。请写成 2026-01-05 或 2026-01-05 10:30。",
        f'"{text}" is no date. Write it like 2026-01-05 or 2026-01-05 10:30.',
    )
