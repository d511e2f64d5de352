"""A dealer's numbers. Every default is the product's."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from service_reminder.domain.odometer import KEPT_WEEKS
from service_reminder.domain.slots import Workshop

MAX_DAYS = 3_650
"""The reminders of all dealers are computed together: whatever one dealer sets, every date has to exist."""
MAX_KM_PER_DAY = 10_000
MAX_PERCENT = 100


def _require(*, holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


@dataclass(frozen=True, slots=True)
class PacePolicy:
    """How the daily distance is estimated.

    Fewer than `least_readings` readings, or a span below `least_days`, and `prior_km_per_day` is taken, give or take
    `prior_margin` of it. An estimate's interval is never narrower than `least_margin` of it.
    """

    prior_km_per_day: float = 40.0
    prior_margin: float = 0.5
    least_readings: int = 2
    least_days: int = 7
    recent_days: int = 365
    least_margin: float = 0.1

    def __post_init__(self) -> None:
        _require(
            holds=0 < self.prior_km_per_day <= MAX_KM_PER_DAY,
            otherwise=f"prior_km_per_day lies above 0 and up to {MAX_KM_PER_DAY}",
        )
        _require(holds=0 <= self.prior_margin <= 1, otherwise="prior_margin lies between 0 and 1")
        _require(holds=0 <= self.least_margin <= 1, otherwise="least_margin lies between 0 and 1")
        _require(
            holds=1 < self.least_readings <= KEPT_WEEKS, otherwise=f"least_readings lies between 2 and {KEPT_WEEKS}"
        )
        _require(
            holds=0 < self.least_days <= self.recent_days <= MAX_DAYS,
            otherwise=f"least_days is at least 1, and recent_days between that and {MAX_DAYS}",
        )


@dataclass(frozen=True, slots=True)
class StepPolicy:
    """When an owner is reminded: days before and after the due date, from `from_hour` o'clock local time.

    Items due within `together_days` of the earliest go out with it.
    """

    first_days_before: int = 14
    second_days_before: int = 3
    overdue_days_after: int = 7
    together_days: int = 30
    from_hour: int = 9

    def __post_init__(self) -> None:
        _require(
            holds=MAX_DAYS >= self.first_days_before > self.second_days_before >= 0,
            otherwise=f"{MAX_DAYS} >= first_days_before > second_days_before >= 0",
        )
        _require(
            holds=0 < self.overdue_days_after <= MAX_DAYS, otherwise=f"overdue_days_after lies between 1 and {MAX_DAYS}"
        )
        _require(holds=0 <= self.together_days <= MAX_DAYS, otherwise=f"together_days lies between 0 and {MAX_DAYS}")
        _require(holds=0 <= self.from_hour < 24, otherwise="from_hour lies between 0 and 23")  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class CyclePolicy:
    """What is assumed of work that was not done here.

    What fell due more than `assumed_done_after_days` before the vehicle became known was done elsewhere. A recurring
    item that is overdue by `lapses_after_days` gives way to its next cycle. A vehicle registered within
    `new_within_days` of its purchase is new, so that 0 km is a fact.
    """

    assumed_done_after_days: int = 30
    lapses_after_days: int = 180
    new_within_days: int = 60

    def __post_init__(self) -> None:
        for name in ("assumed_done_after_days", "lapses_after_days", "new_within_days"):
            _require(holds=0 <= getattr(self, name) <= MAX_DAYS, otherwise=f"{name} lies between 0 and {MAX_DAYS}")


@dataclass(frozen=True, slots=True)
class VisitPolicy:
    """What is held against a visit: the final price within the quote, an odometer that can be true."""

    quote_tolerance_percent: float = 5.0
    most_km_per_day: int = 2_000

    def __post_init__(self) -> None:
        _require(
            holds=0 <= self.quote_tolerance_percent <= MAX_PERCENT,
            otherwise=f"quote_tolerance_percent lies between 0 and {MAX_PERCENT}",
        )
        _require(
            holds=0 < self.most_km_per_day <= MAX_KM_PER_DAY,
            otherwise=f"most_km_per_day lies between 1 and {MAX_KM_PER_DAY}",
        )


@dataclass(frozen=True, slots=True)
class ReminderPolicy:
    """Everything a dealer may change about maintenance, reminders, visits and slots."""

    time_zone: str = "Asia/Shanghai"
    pace: PacePolicy = field(default_factory=PacePolicy)
    steps: StepPolicy = field(default_factory=StepPolicy)
    cycles: CyclePolicy = field(default_factory=CyclePolicy)
    visits: VisitPolicy = field(default_factory=VisitPolicy)
    workshop: Workshop = field(default_factory=Workshop)
    """Any workshop that says nothing of itself."""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{self.time_zone} is not an IANA time zone") from error

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the dealer's dates are in."""
        return ZoneInfo(self.time_zone)
