"""The one place that reads the clock; everything below the doors is told the time."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)
