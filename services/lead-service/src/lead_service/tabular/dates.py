"""Dates as tables hold them: written in two dozen ways, or as the number that Excel or Unix keeps."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from lead_service.tabular.cells import plain
from lead_service.tabular.model import CellRefused

_HALF = r"(?P<half>上午|早上|清晨|凌晨|中午|下午|傍晚|晚上|[AaPp][Mm])?"
_HOUR = rf"{_HALF}\s*(?P<hour>\d{{1,2}})\s*[:时時点點]\s*(?P<minute>\d{{1,2}})?分?"
_TIME = rf"{_HOUR}(?::?(?P<second>\d{{1,2}})(?:\.\d+)?秒?)?\s*(?P<english_half>[AaPp][Mm])?"
_CLOCK = rf"(?:[T,\s]*{_TIME})?"
_ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})\s*[日号]?{_CLOCK}{_ZONE}"
)
_COMPACT = re.compile(rf"(?P<year>20\d{{2}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_CLOCK}{_ZONE}")
_DIGITS = re.compile(
    r"(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"
    r"(?P<half>\Z)?(?P<english_half>\Z)?(?P<zone>\Z)?"
)
_YEAR_LAST = re.compile(rf"(?P<first>\d{{1,2}})[-/.](?P<second_part>\d{{1,2}})[-/.](?P<year>\d{{4}}){_CLOCK}{_ZONE}")
_MONTH_NAMED = re.compile(
    rf"(?:(?P<day>\d{{1,2}})[-\s]*(?P<name>[A-Za-z]{{3,9}})\.?|(?P<name_first>[A-Za-z]{{3,9}})\.?\s*(?P<day_second>\d{{1,2}}))"
    rf"[-,\s]*(?P<year>\d{{4}}|\d{{2}}){_CLOCK}{_ZONE}"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = re.compile(
    r"\(?(?:星期|礼拜|周)[一二三四五六日天]\)?|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b,?",
    re.IGNORECASE,
)

_ONLY_DATE = re.compile(r"[\d\s\-/.年月日]+")
_ONLY_TIME = re.compile(_TIME)

_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_BEGAN = datetime(1899, 12, 30)  # noqa: DTZ001 (a wall clock's; Excel knows no zones)
_SERIALS = range(36_526, 73_051)
_UNIX = re.compile(r"\d{10}(?P<thousandths>\d{3})?")
_UNIX_SECONDS = range(946_684_800, 4_102_444_800)
"""Both from 2000-01-01 to 2100-01-01."""

_NOON = 12
_MIDNIGHT = 24
_EVENING = {"晚上"}
_AFTER_NOON = {"下午", "傍晚", "晚上", "pm"}
_BEFORE_NOON = {"上午", "早上", "清晨", "凌晨", "am"}
_EARLIEST_LUNCH = 10
"""中午11:30 is before noon, 中午1点 after it."""


def read_moment(text: str, zone: tzinfo) -> datetime:
    """The instant in UTC; local to `zone` where none is written, and at midnight where no time is.

    Raises:
        CellRefused: it is no date, or one that two people read differently.
    """
    bare = " ".join(_WEEKDAY.sub(" ", plain(text)).split())
    try:
        return _local(bare, zone).astimezone(UTC)
    except CellRefused:
        raise
    except (ValueError, OverflowError):
        raise _not_a_date(text) from None


def joined_moment(first: str, second: str) -> str | None:
    """One text of a date and a time that stand in two columns, in either order; None where they are something else."""
    for date, time in ((plain(first), plain(second)), (plain(second), plain(first))):
        if _ONLY_DATE.fullmatch(date) and _ONLY_TIME.fullmatch(time):
            return f"{date.strip()} {time}"
    return None


def _local(bare: str, zone: tzinfo) -> datetime:
    if _SERIAL.fullmatch(bare) and int(float(bare)) in _SERIALS:
        wall = _EXCEL_BEGAN + timedelta(days=float(bare))
        return (wall + timedelta(milliseconds=500)).replace(microsecond=0, tzinfo=zone)
    if (match := _UNIX.fullmatch(bare)) and int(bare[:10]) in _UNIX_SECONDS:
        return datetime.fromtimestamp(int(bare[:10]), UTC)
    if match := _YEAR_FIRST.fullmatch(bare) or _COMPACT.fullmatch(bare) or _DIGITS.fullmatch(bare):
        parts = match.groupdict()
        return _moment(parts, int(parts["month"]), int(parts["day"]), zone)
    if match := _MONTH_NAMED.fullmatch(bare):
        parts = match.groupdict()
        month = _MONTHS.index((parts["name"] or parts["name_first"])[:3].casefold()) + 1
        return _moment(parts, month, int(parts["day"] or parts["day_second"]), zone)
    if match := _YEAR_LAST.fullmatch(bare):
        parts = match.groupdict()
        return _moment(parts, *_month_and_day(bare, int(parts["first"]), int(parts["second_part"])), zone)
    raise ValueError(bare)


def _month_and_day(text: str, first: int, second: int) -> tuple[int, int]:
    """Americans write the month first, Europeans the day: sure only where one of them is no month, or both are one."""
    if first > len(_MONTHS):
        return second, first
    if second > len(_MONTHS) or first == second:
        return first, second
    raise CellRefused(
        f"“{text}”可能是 {first} 月 {second} 日，也可能是 {second} 月 {first} 日。请写成 2026-01-05 的格式。",
        f'"{text}" may be day {second} of month {first} or day {first} of month {second}. Write it like 2026-01-05.',
    )


def _moment(parts: dict[str, str | None], month: int, day: int, zone: tzinfo) -> datetime:
    minute, second = (int(parts[name] or 0) for name in ("minute", "second"))
    written_year = parts["year"] or ""
    year = int(written_year if len(written_year) > 2 else f"20{written_year}")  # noqa: PLR2004 (26 is 2026)
    hour = _hour(int(parts["hour"] or 0), (parts["half"] or parts["english_half"] or "").lower())
    midnight = datetime(year, month, day, tzinfo=zone)
    if hour == _MIDNIGHT:
        midnight, hour = midnight + timedelta(days=1), 0
    written = midnight.replace(hour=hour, minute=minute, second=second)
    if parts["zone"]:
        return datetime.fromisoformat(written.replace(tzinfo=None).isoformat() + parts["zone"].upper())
    return written


def _hour(hour: int, half: str) -> int:
    """The hour of the day that one of a half is; 24 is the midnight that ends it."""
    if half in _EVENING and hour == _NOON:
        return _MIDNIGHT
    if half in _BEFORE_NOON and hour == _NOON:
        return 0
    is_after_noon = half in _AFTER_NOON or (half == "中午" and hour < _EARLIEST_LUNCH)
    return hour + _NOON if is_after_noon and hour < _NOON else hour


def _not_a_date(text: str) -> CellRefused:
    return CellRefused(
        f"看不懂日期“{text}”。请写成 2026-01-05 或 2026-01-05 10:30。",
        f'"{text}" is no date. Write it like 2026-01-05 or 2026-01-05 10:30.',
    )
