"""When a vehicle is old and driven enough for a trade-in offer (置换)."""

from dataclasses import dataclass
from datetime import date

from customer_service.domain.bounds import MAX_KM, MAX_MONTHS, require_within


@dataclass(frozen=True, slots=True)
class TradeInRules:
    """From when on a trade-in is worth an offer."""

    owned_months: int = 36
    driven_km: int = 50_000

    def __post_init__(self) -> None:
        require_within(self, owned_months=MAX_MONTHS, driven_km=MAX_KM)


def owned_months(purchased_on: date, today: date) -> int:
    """Return the whole months between two dates, 0 before the first."""
    months = (today.year - purchased_on.year) * 12 + today.month - purchased_on.month
    return max(0, months - (today.day < purchased_on.day))


def is_candidate(purchased_on: date, odometer_km: int, rules: TradeInRules, *, today: date) -> bool:
    """Tell whether the owner of such a vehicle should get an offer."""
    return owned_months(purchased_on, today) >= rules.owned_months and odometer_km >= rules.driven_km
