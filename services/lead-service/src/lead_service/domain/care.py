"""Care on a schedule: a light greeting to leads that no change on the market speaks to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class CarePolicy:
    """When lost leads are greeted by the clock.

    A lead whose reason is unknown is greeted `unknown_after_days` after its defeat, any other
    `lost_after_days` after it; then every `every_days`, `at_most` times in all (0: nobody is), in these
    `months` of the year (none named: in any). `fit` are the points, 0-40, that a greeting gives to the priority.

    Raises:
        ValueError: a number is outside its bounds.
    """

    unknown_after_days: int = 30
    lost_after_days: int = 90
    every_days: int = 60
    at_most: int = 2
    months: tuple[int, ...] = ()
    fit: int = 10

    def __post_init__(self) -> None:
        for name, least, most in (
            ("unknown_after_days", 1, 3650),
            ("lost_after_days", 1, 3650),
            ("every_days", 7, 3650),
            ("at_most", 0, 100),
            ("fit", 0, 40),
        ):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"care.{name} lies between {least} and {most}")
        if not set(self.months) <= set(MONTHS):
            raise ValueError("care.months are numbers from 1 to 12")

    def first(self, defeated_at: datetime, *, reason_is_known: bool, zone: ZoneInfo) -> datetime:
        """When a lead is greeted that was lost then."""
        days = self.lost_after_days if reason_is_known else self.unknown_after_days
        return self.in_season(defeated_at + timedelta(days=days), zone)

    def next(self, greeted_at: datetime, *, zone: ZoneInfo) -> datetime:
        """When a lead is greeted again."""
        return self.in_season(greeted_at + timedelta(days=self.every_days), zone)

    def in_season(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at`, or the start of the next month in which greetings go out, by the dealer's calendar."""
        local = at.astimezone(zone)
        if not self.months or local.month in self.months:
            return at
        ahead = min((month - local.month) % 12 for month in self.months)
        year, month = divmod(local.year * 12 + local.month - 1 + ahead, 12)
        return datetime(year, month + 1, 1, 9, tzinfo=zone).astimezone(at.tzinfo)
