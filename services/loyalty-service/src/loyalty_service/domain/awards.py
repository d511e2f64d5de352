"""Awards: what was given for a fact, which is also the lot that spends draw from."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from loyalty_service.domain.calendar import end_of_day, local_day, months_after
from loyalty_service.domain.policy import LoyaltyPolicy


class Rule(StrEnum):
    """What an award was given for."""

    SERVICE = "service"
    PURCHASE = "purchase"
    REFERRAL = "referral"


class AwardState(StrEnum):
    """Where an award is in its life."""

    PENDING = "pending"
    """Promised; in nobody's balance yet."""
    ACTIVE = "active"
    SPENT = "spent"
    EXPIRED = "expired"
    REVERSED = "reversed"
    """Taken back: before it counted, or what was left of it afterwards."""


@dataclass(frozen=True, slots=True)
class Life:
    """How long points can be spent: through `expires_on`, that is before `expires_at`."""

    earned_at: datetime
    expires_on: date
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Award:
    """Points (> 0) of one member for one fact under one rule."""

    id: UUID
    dealer_id: UUID
    customer_id: UUID
    programme: str
    rule: Rule
    source_event_id: UUID
    points: int
    state: AwardState
    life: Life | None
    """None while pending: the clock starts when the points can be spent."""


def life_from(earned_at: datetime, policy: LoyaltyPolicy) -> Life:
    """The life of points that can be spent from `earned_at` on."""
    earned_on = local_day(earned_at, policy.time_zone)
    expires_on = months_after(earned_on, policy.earning.life_months)
    return Life(earned_at, expires_on, end_of_day(expires_on, policy.time_zone))


def service_points(amount_cents: int, policy: LoyaltyPolicy) -> int:
    """Points of a paid invoice: whole yuan count, the rest does not."""
    return amount_cents // 100 * policy.earning.points_per_yuan
