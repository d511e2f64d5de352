"""Which odometer readings are believed. Raw readings are always kept; this says what becomes of each.

A reading is judged beside its neighbours in time, whatever order they arrive in, so that a
typo is what is dropped and not the true readings around it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from customer_service.domain.bounds import MAX_COUNT, MAX_DAYS, MAX_KM, MAX_KM_PER_DAY, require_within
from customer_service.domain.chain import Point, all_follow, follows, longest_chain

DAY = timedelta(days=1)
MAX_TOLERANCE_MINUTES = 1_440


class Source(StrEnum):
    """Who read the odometer."""

    TELEMATICS = "telematics"
    WORKSHOP = "workshop"
    OWNER = "owner"
    INSPECTION = "inspection"


class Reason(StrEnum):
    """Why a reading is in quarantine."""

    IMPLAUSIBLE_DISTANCE = "implausible_distance"
    GOES_BACK = "goes_back"
    IN_THE_FUTURE = "in_the_future"
    BEFORE_PURCHASE = "before_purchase"


@dataclass(frozen=True, slots=True)
class OdometerRules:
    """What distances a dealer believes."""

    max_km_per_day: int = 2_000
    max_lifetime_km_per_day: int = 600
    """On average since the purchase; holds for a vehicle's first readings, which nothing else can contradict."""
    min_lifetime_days: int = 30
    witnesses: int = 3
    """So many first readings that agree outweigh the lifetime average, if the odometer at purchase is not known."""
    max_km: int = 1_000_000
    future_tolerance_minutes: int = 10

    def __post_init__(self) -> None:
        require_within(
            self,
            max_km_per_day=MAX_KM_PER_DAY,
            max_lifetime_km_per_day=MAX_KM_PER_DAY,
            min_lifetime_days=MAX_DAYS,
            witnesses=MAX_COUNT,
            max_km=MAX_KM,
            future_tolerance_minutes=MAX_TOLERANCE_MINUTES,
        )


class History(NamedTuple):
    """What is known of a vehicle's odometer before new readings are judged."""

    purchased_at: datetime
    """The first instant of the day of purchase, where the store is."""
    purchase_km: int
    """The odometer at purchase; 0 says nothing."""
    accepted: tuple[Point, ...] = ()
    """Accepted readings: at least the nearest one before and after each new reading."""

    @property
    def known(self) -> list[Point]:
        """What new readings have to agree with, in order of time."""
        purchase = [Point(self.purchased_at, self.purchase_km)] if self.purchase_km else []
        return sorted([*purchase, *self.accepted])


def judge(readings: Sequence[Point], history: History, rules: OdometerRules, *, now: datetime) -> list[Reason | None]:
    """Return for each reading why it is not believed, or None if it is accepted.

    The accepted ones never go back beside each other and beside the history, and never
    outrun `max_km_per_day`; no other choice of the new readings would accept more of them.
    """
    latest = now + timedelta(minutes=rules.future_tolerance_minutes)
    verdicts = [_alone(reading, history, rules, latest) for reading in readings]
    candidates = [index for index, reason in enumerate(verdicts) if reason is None]
    accepted = _survivors(readings, candidates, history, rules)
    if not history.accepted and (history.purchase_km or len(accepted) < rules.witnesses):
        candidates = [index for index in candidates if _within_lifetime(readings[index], history, rules)]
        accepted = _survivors(readings, candidates, history, rules)
    if len(accepted) == len(readings):
        return verdicts
    believed = sorted([*history.known, *(readings[index] for index in accepted)])
    for index in set(range(len(readings))) - accepted:
        verdicts[index] = verdicts[index] or _against(readings[index], believed, rules)
    return verdicts


def _alone(reading: Point, history: History, rules: OdometerRules, latest: datetime) -> Reason | None:
    """Return what is wrong with a reading by itself."""
    if reading.at > latest:
        return Reason.IN_THE_FUTURE
    if reading.km > rules.max_km:
        return Reason.IMPLAUSIBLE_DISTANCE
    if reading.at < history.purchased_at:
        return Reason.BEFORE_PURCHASE
    return Reason.GOES_BACK if reading.km < history.purchase_km else None


def _within_lifetime(reading: Point, history: History, rules: OdometerRules) -> bool:
    """Tell whether the average since the purchase is one a vehicle can have."""
    lifetime = max(rules.min_lifetime_days * DAY, reading.at - history.purchased_at)
    return (reading.km - history.purchase_km) * DAY <= rules.max_lifetime_km_per_day * lifetime


def _survivors(
    readings: Sequence[Point], candidates: Sequence[int], history: History, rules: OdometerRules
) -> set[int]:
    """Return the candidates of the largest chains between the readings that are accepted already."""
    known = history.known
    if all_follow(sorted([*known, *(readings[index] for index in candidates)]), rules.max_km_per_day):
        return set(candidates)
    in_order = sorted(candidates, key=readings.__getitem__)
    survivors: set[int] = set()
    start = 0
    for before, after in zip([None, *known], [*known, None], strict=True):
        end = start
        while end < len(in_order) and (after is None or readings[in_order[end]] <= after):
            end += 1
        stretch = in_order[start:end]
        chain = longest_chain([readings[index] for index in stretch], before, after, rules.max_km_per_day)
        survivors.update(stretch[position] for position in chain)
        start = end
    return survivors


def _against(reading: Point, believed: Sequence[Point], rules: OdometerRules) -> Reason:
    """Return what the believed readings around this one have against it."""
    place = bisect_right(believed, reading)
    before = believed[place - 1] if place else None
    if before is not None and before.km <= reading.km and not follows(reading, before, rules.max_km_per_day):
        return Reason.IMPLAUSIBLE_DISTANCE
    later_is_lower = place < len(believed) and believed[place].km < reading.km
    earlier_is_higher = before is not None and before.km > reading.km
    return Reason.GOES_BACK if later_is_lower or earlier_is_higher else Reason.IMPLAUSIBLE_DISTANCE
