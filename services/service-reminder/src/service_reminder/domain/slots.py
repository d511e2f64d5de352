"""When a workshop can take a vehicle."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS_OF_A_WEEK = range(1, 8)


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workshop's room and hours: `bays` vehicles at a time, in slots of `slot_minutes` from `opens` to `closes`.

    `open_days` are ISO weekdays, Monday being 1. A slot that is only held is free again after `hold_minutes`.
    """

    bays: int = 4
    opens: time = time(8, 30)
    closes: time = time(17, 30)
    slot_minutes: int = 60
    open_days: tuple[int, ...] = tuple(_DAYS_OF_A_WEEK)
    hold_minutes: int = 15

    def __post_init__(self) -> None:
        if not 0 < self.bays <= 1_000:  # noqa: PLR2004
            raise ValueError("bays lie between 1 and 1000")
        if not 5 <= self.slot_minutes <= 24 * 60:  # noqa: PLR2004
            raise ValueError("slot_minutes lie between 5 and 1440")
        if self.opens.tzinfo or self.closes.tzinfo or self.opens >= self.closes:
            raise ValueError("opens comes before closes, both without a zone")
        if not set(self.open_days) <= set(_DAYS_OF_A_WEEK):
            raise ValueError("open_days are ISO weekdays from 1 to 7")
        if not 1 <= self.hold_minutes <= 10_080:  # noqa: PLR2004
            raise ValueError("hold_minutes lie between 1 and 10080")


def slots_on(workshop: Workshop, on: date, zone: ZoneInfo) -> list[datetime]:
    """List when the day's slots start, in UTC, oldest first. A slot ends by closing time."""
    if on.isoweekday() not in workshop.open_days:
        return []
    length = timedelta(minutes=workshop.slot_minutes)
    starts, closes = datetime.combine(on, workshop.opens), datetime.combine(on, workshop.closes)
    found = set()
    while starts + length <= closes:
        found.add(starts.replace(tzinfo=zone).astimezone(UTC))
        starts += length
    return sorted(found)


def offers(workshop: Workshop, starts_at: datetime, zone: ZoneInfo, *, now: datetime) -> bool:
    """Tell whether one of the workshop's slots starts then, and has not started yet."""
    return starts_at > now and starts_at in slots_on(workshop, starts_at.astimezone(zone).date(), zone)
