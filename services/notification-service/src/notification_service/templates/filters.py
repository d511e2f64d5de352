"""How templates write money, numbers, days and times in the reader's language and time zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context

_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$"}


def money(cents: int, currency: str = "CNY") -> str:
    """`1200000` is ¥12,000 and `128050` is ¥1,280.50: cents show only where there are some."""
    whole, rest = divmod(int(cents), 100)
    amount = f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"
    return f"{_SIGNS.get(currency, f'{currency} ')}{amount}"


def number(value: int) -> str:
    """`2000` is 2,000."""
    return f"{int(value):,}"


@pass_context
def day(context: Context, value: str) -> str:
    """An ISO date, or the day of an ISO instant where the reader is: 11月22日, 22 November."""
    on = _local(context, value)
    return f"{on.month}月{on.day}日" if _is_chinese(context) else f"{on.day} {on:%B}"


@pass_context
def month(context: Context, value: str) -> str:
    """The month of an ISO date or instant where the reader is: 3月, March."""
    on = _local(context, value)
    return f"{on.month}月" if _is_chinese(context) else f"{on:%B}"


@pass_context
def clock(context: Context, value: str) -> str:
    """The time of an ISO instant where the reader is: 14:05."""
    return f"{_instant(value).astimezone(_zone(context)):%H:%M}"


FILTERS = {"money": money, "number": number, "day": day, "month": month, "clock": clock}


def _local(context: Context, value: str) -> date:
    if "T" not in value:
        return date.fromisoformat(value)
    return _instant(value).astimezone(_zone(context)).date()


def _instant(value: str) -> datetime:
    """RFC 3339; one without an offset is UTC."""
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _zone(context: Context) -> ZoneInfo:
    zone: ZoneInfo = context["zone"]
    return zone


def _is_chinese(context: Context) -> bool:
    return str(context["locale"]).startswith("zh")
