"""What is known of a vehicle's odometer, kept small: at most 27 readings however many arrive."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from service_reminder.domain.errors import ImplausibleOdometer, OdometerGoesBack

KEPT_WEEKS = 26
_WEEK_S = 7 * 86_400


class Reading(NamedTuple):
    """The odometer showed `km` at `read_at`. A tuple, because every vehicle that is looked at sorts 27 of them."""

    read_at: datetime
    km: int


def keep(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Thin out to the first reading of each of the newest 26 weeks that have one, and the newest; oldest first.

    The outcome does not depend on order, repetition or how the readings were split into batches:
    `keep([*keep(a), *b]) == keep([*a, *b])`.
    """
    ordered = sorted(set(readings))
    if not ordered:
        return ()
    first_of_week: dict[int, Reading] = {}
    for reading in ordered:
        first_of_week.setdefault(int(reading.read_at.timestamp()) // _WEEK_S, reading)
    kept = [first_of_week[week] for week in sorted(first_of_week)[-KEPT_WEEKS:]]
    return tuple(kept if kept[-1] == ordered[-1] else [*kept, ordered[-1]])


def at_entry(readings: Iterable[Reading], registered_at: datetime) -> Reading | None:
    """Return the reading that says most about the day the vehicle became known.

    That is the highest one up to that day, else the first after it. None without readings. Like `keep`,
    it can be taken again over its own outcome and newer readings.
    """
    known = set(readings)
    before = [reading for reading in known if reading.read_at <= registered_at]
    if before:
        return max(before, key=lambda reading: (reading.km, reading.read_at))
    return min(known, default=None)


@dataclass(frozen=True, slots=True)
class Odometer:
    """Everything known of one vehicle's odometer.

    `stated` is what was said when the vehicle was registered. It is not an accepted reading: it holds only as
    long as no reading contradicts it, and 0 km of a car that was not new then says nothing.
    """

    stated: Reading
    bought_at: datetime
    readings: tuple[Reading, ...] = ()
    entry: Reading | None = None
    new_within_days: int = 60

    @property
    def now(self) -> Reading:
        """What the odometer showed when last heard of."""
        newest = self.readings[-1] if self.readings else None
        if newest is None:
            return self.stated
        if newest.read_at >= self.stated.read_at or newest.km >= self.stated.km:
            return newest
        return self.stated

    @property
    def when_known(self) -> Reading:
        """The best knowledge of what it showed when the vehicle became known to us."""
        if self.entry is None:
            return self.stated
        if self._stated_holds and (self.entry.read_at > self.stated.read_at or self.stated.km >= self.entry.km):
            return self.stated
        return self.entry

    @property
    def _stated_holds(self) -> bool:
        was_new = self.stated.read_at - self.bought_at <= timedelta(days=self.new_within_days)
        newest = self.now
        contradicted = newest.read_at >= self.stated.read_at and newest.km < self.stated.km
        return (self.stated.km > 0 or was_new) and not contradicted


def check_workshop_reading(odometer: Odometer, shown: Reading, *, most_km_per_day: int) -> None:
    """Accept what the workshop read at delivery.

    Raises:
        OdometerGoesBack: less than was known.
        ImplausibleOdometer: more than `most_km_per_day` for every day begun since the last reading, or since
            the purchase where only a statement is known.
    """
    known = odometer.now
    if shown.km < known.km:
        raise OdometerGoesBack(shown_km=shown.km, known_km=known.km)
    since = odometer.readings[-1] if odometer.readings else Reading(odometer.bought_at, odometer.stated.km)
    days = max(1, ceil((shown.read_at - since.read_at) / timedelta(days=1)))
    most_km = since.km + days * most_km_per_day
    if shown.km > most_km:
        raise ImplausibleOdometer(shown_km=shown.km, known_km=since.km, most_km=most_km)
