"""What a dealer group may change about people and vehicles, with the product's defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from customer_service.domain.churn import ChurnRules
from customer_service.domain.complaints import ComplaintRules
from customer_service.domain.consents import Wording
from customer_service.domain.odometer import OdometerRules
from customer_service.domain.segments import SegmentRules
from customer_service.domain.trade_in import TradeInRules


@dataclass(frozen=True, slots=True)
class CustomerPolicy:
    """One dealer group's rules.

    Raises:
        ValueError: the time zone is unknown.
    """

    odometer: OdometerRules = field(default_factory=OdometerRules)
    segments: SegmentRules = field(default_factory=SegmentRules)
    trade_in: TradeInRules = field(default_factory=TradeInRules)
    complaints: ComplaintRules = field(default_factory=ComplaintRules)
    churn: ChurnRules = field(default_factory=ChurnRules)
    consent_wordings: Mapping[str, Wording] = field(default_factory=dict)
    """By intake channel (`showroom` for people registered here): what a contact without explicit consents agreed to."""
    time_zone: str = "Asia/Shanghai"
    """Where the stores are: it decides which day an instant belongs to."""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{self.time_zone!r} is no time zone") from error

    @property
    def zone(self) -> ZoneInfo:
        """The stores' time zone."""
        return ZoneInfo(self.time_zone)

    def local_date(self, at: datetime) -> date:
        """Return the stores' date at an instant."""
        return at.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """Return the first instant of a day at the stores, in UTC."""
        return _start_of(day, self.time_zone)


@lru_cache(maxsize=10_000)
def _start_of(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)
