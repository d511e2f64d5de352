"""Tiers follow what a member did in the last months, never the balance.

    score = whole yuan spent on services × score_per_yuan
          + completed services            × score_per_service
          + paid referrals (as referrer)  × score_per_referral

over the policy's rolling window (12 months). A tier is reached as soon as the score carries it.
When the score no longer does, the member keeps the tier for the grace period and then falls to
the tier that the score carries.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from loyalty_service.domain.calendar import instant_months_after
from loyalty_service.domain.policy import Tier, TierPolicy


class ActivityKind(StrEnum):
    """What counts for a tier."""

    SERVICE = "service"
    REFERRAL = "referral"


@dataclass(frozen=True, slots=True)
class Activity:
    """What a member did within the window."""

    spend_cents: int = 0
    services: int = 0
    referrals: int = 0
    oldest_at: datetime | None = None
    """When the first of it happened; None if nothing did."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's tier and when to look at it again."""

    tier: Tier = Tier.MEMBER
    review_at: datetime | None = None
    """None: there is nothing to lose."""
    grace_until: datetime | None = None
    """Set while the score does not carry the tier."""


@dataclass(frozen=True, slots=True)
class NextTier:
    """The tier above and what is missing; each `missing_…` alone would do."""

    name: Tier
    score: int
    missing_score: int
    missing_spend_cents: int | None
    missing_services: int | None
    missing_referrals: int | None


def window_start(now: datetime, policy: TierPolicy) -> datetime:
    """From when on activity counts."""
    return instant_months_after(now, -policy.window_months)


def score_of(activity: Activity, policy: TierPolicy) -> int:
    """The score of the formula above."""
    return (
        activity.spend_cents // 100 * policy.score_per_yuan
        + activity.services * policy.score_per_service
        + activity.referrals * policy.score_per_referral
    )


def tier_for(score: int, policy: TierPolicy) -> Tier:
    """The highest tier that the score carries."""
    return max((tier for tier in Tier if score >= policy.score_of(tier)), key=lambda tier: tier.rank)


def assess(standing: Standing, activity: Activity, policy: TierPolicy, *, now: datetime) -> Standing:
    """The standing after a look at what was done: up at once, down only after the grace period."""
    earned = tier_for(score_of(activity, policy), policy)
    if earned.rank >= standing.tier.rank:
        return _settled(earned, activity, policy, now)
    if standing.grace_until is None:
        until = now + timedelta(days=policy.grace_days)
        return Standing(standing.tier, review_at=until, grace_until=until)
    if now < standing.grace_until:
        return Standing(standing.tier, review_at=standing.grace_until, grace_until=standing.grace_until)
    return _settled(earned, activity, policy, now)


def next_tier(tier: Tier, score: int, policy: TierPolicy) -> NextTier | None:
    """What separates the member from the tier above; None at the top."""
    if tier is Tier.PLATINUM:
        return None
    above = list(Tier)[tier.rank + 1]
    missing = max(policy.score_of(above) - score, 0)
    yuan = _needed(missing, policy.score_per_yuan)
    return NextTier(
        above,
        policy.score_of(above),
        missing,
        missing_spend_cents=None if yuan is None else yuan * 100,
        missing_services=_needed(missing, policy.score_per_service),
        missing_referrals=_needed(missing, policy.score_per_referral),
    )


def _settled(tier: Tier, activity: Activity, policy: TierPolicy, now: datetime) -> Standing:
    """A tier that the score carries, looked at again when the oldest activity leaves the window."""
    if tier is Tier.MEMBER:
        return Standing(tier)
    return Standing(tier, review_at=instant_months_after(activity.oldest_at or now, policy.window_months))


def _needed(missing: int, each: int) -> int | None:
    """How many, `each` worth so much, make up what is missing; None if they count for nothing."""
    return -(-missing // each) if each else None
