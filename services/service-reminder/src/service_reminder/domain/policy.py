"""A dealer's numbers. Every default is the product's."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from service_reminder.domain.slots import Workshop


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
        _require(holds=0 < self.prior_km_per_day <= 2_000, otherwise="prior_km_per_day lies between 0 and 2000")  # noqa: PLR2004
        _require(holds=0 <= self.prior_margin <= 1, otherwise="prior_margin lies between 0 and 1")
        _require(holds=0 <= self.least_margin <= 1, otherwise="least_margin lies between 0 and 1")
        _require(holds=self.least_readings > 1, otherwise="least_readings is at least 2")
        _require(holds=self.least_days > 0, otherwise="least_days is at least 1")
        _require(holds=self.recent_days >= self.least_days, otherwise="recent_days is at least least_days")


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
            holds=self.first_days_before > self.second_days_before >= 0 < self.overdue_days_after,
            otherwise="first_days_before > second_days_before >= 0 and overdue_days_after > 0",
        )
        _require(holds=self.together_days >= 0, otherwise="together_days is at least 0")
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
        _require(holds=self.assumed_done_after_days >= 0, otherwise="assumed_done_after_days is at least 0")
        _require(holds=self.lapses_after_days >= 0, otherwise="lapses_after_days is at least 0")
        _require(holds=self.new_within_days >= 0, otherwise="new_within_days is at least 0")


@dataclass(frozen=True, slots=True)
class VisitPolicy:
    """What is held against a visit: the final price within the quote, an odometer that can be true."""

    quote_tolerance_percent: float = 5.0
    most_km_per_day: int = 2_000

    def __post_init__(self) -> None:
        _require(holds=self.quote_tolerance_percent >= 0, otherwise="quote_tolerance_percent is at least 0")
        _require(holds=self.most_km_per_day > 0, otherwise="most_km_per_day is at least 1")


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
