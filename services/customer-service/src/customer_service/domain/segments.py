"""Which segment a customer is in: a total function of recency, frequency and money (RFM)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from customer_service.domain.bounds import MAX_CENTS, MAX_COUNT, MAX_DAYS, require_within

DAY = timedelta(days=1)
TICK = timedelta(seconds=1)
"""Past the last instant of a span, whose end still counts."""


class Segment(StrEnum):
    """What a customer is to the dealer now."""

    PROSPECT = "prospect"
    NEW = "new"
    CORE = "core"
    POTENTIAL = "potential"
    SLEEPING = "sleeping"
    REGULAR = "regular"


@dataclass(frozen=True, slots=True)
class SegmentRules:
    """What counts as new, recent, frequent and much."""

    window_days: int = 365
    """Frequency and money look back so far."""
    recent_days: int = 183
    frequent_services: int = 2
    much_money_cents: int = 300_000
    new_days: int = 180
    new_below_services: int = 2
    asleep_days: int = 730

    def __post_init__(self) -> None:
        require_within(
            self,
            window_days=MAX_DAYS,
            recent_days=MAX_DAYS,
            frequent_services=MAX_COUNT,
            much_money_cents=MAX_CENTS,
            new_days=MAX_DAYS,
            new_below_services=MAX_COUNT,
            asleep_days=MAX_DAYS,
        )


@dataclass(frozen=True, slots=True)
class Rfm:
    """What a customer's vehicles and completed services say at one moment."""

    first_purchase_on: date | None
    """When the first of the present vehicles was bought; None without a vehicle."""
    services: int = 0
    """Completed services ever."""
    last_visit_at: datetime | None = None
    frequency: int = 0
    """Completed services in the window."""
    money_cents: int = 0
    """What they came to."""
    oldest_in_window_at: datetime | None = None
    """The first of the window's services, which leaves it next."""


def segment_of(rfm: Rfm, rules: SegmentRules, *, now: datetime, today: date) -> Segment:
    """Return the one segment of a customer; the first that fits, in the order of the lines below.

    `today` is the dealer's date at `now`.
    """
    recent = _within(rfm.last_visit_at, rules.recent_days, now)
    frequent = rfm.frequency >= rules.frequent_services
    much = rfm.money_cents >= rules.much_money_cents
    if rfm.first_purchase_on is None:
        return Segment.PROSPECT
    if (today - rfm.first_purchase_on).days < rules.new_days and rfm.services < rules.new_below_services:
        return Segment.NEW
    if frequent and much:
        return Segment.CORE if recent else Segment.POTENTIAL
    if not frequent and not much:
        return Segment.SLEEPING
    awake = rfm.last_visit_at is None or _within(rfm.last_visit_at, rules.asleep_days, now)
    return Segment.REGULAR if awake else Segment.SLEEPING


def next_review_at(rfm: Rfm, rules: SegmentRules, *, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the earliest instant after `now` at which time alone could change the segment; None if it cannot."""
    ends = []
    if rfm.first_purchase_on:
        ends.append(datetime.combine(rfm.first_purchase_on, time.min, zone) + rules.new_days * DAY)
    if rfm.last_visit_at:
        ends += [rfm.last_visit_at + days * DAY + TICK for days in (rules.recent_days, rules.asleep_days)]
    if rfm.oldest_in_window_at:
        ends.append(rfm.oldest_in_window_at + rules.window_days * DAY + TICK)
    return min((end for end in ends if end > now), default=None)


def _within(at: datetime | None, days: int, now: datetime) -> bool:
    return at is not None and now - at <= days * DAY
