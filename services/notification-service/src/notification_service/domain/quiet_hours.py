"""The hours of the night in which nobody is disturbed."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from notification_service.domain.local_time import next_at


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until just before `end` on the customer's clock, over midnight where `end` is not the later one.

    Raises:
        ValueError: both are the same time, which could mean always or never, or one is bound to a zone.
    """

    start: time = time(21, 0)
    end: time = time(8, 0)

    def __post_init__(self) -> None:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("quiet hours are times on the customer's clock, without a zone")
        if self.start == self.end:
            raise ValueError("quiet hours need two different times; leave them out to have none")

    def holds_at(self, clock: time) -> bool:
        """Whether it is quiet when a clock shows this time."""
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def quiet_until(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet that holds at `at` ends (UTC); none where it is not quiet."""
        if not self.holds_at(at.astimezone(zone).time()):
            return None
        return next_at(at, self.end, zone)
