"""A policy that makes no sense cannot be had."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from loyalty_service.domain.policy import (
    DEFAULT_REWARDS,
    EarningPolicy,
    LoyaltyPolicy,
    ReferralPolicy,
    Reward,
    TierPolicy,
)


def test_the_defaults_are_the_products_numbers() -> None:
    policy = LoyaltyPolicy()

    assert (policy.earning.points_per_yuan, policy.earning.life_months) == (1, 24)
    assert policy.referral == ReferralPolicy(2_000, "fuel_card", 50_000, "CNY", hold_days=7)
    assert policy.tiers.window_months == 12


@pytest.mark.parametrize(
    ("make", "because"),
    [
        (lambda: EarningPolicy(points_per_yuan=-1), "points_per_yuan"),
        (lambda: EarningPolicy(life_months=0), "life_months"),
        (lambda: TierPolicy(silver_score=10_000), "scores must rise"),
        (lambda: TierPolicy(score_per_service=-1), "score_per_service"),
        (lambda: ReferralPolicy(hold_days=-1), "hold_days"),
        (lambda: Reward("wash", "洗车", "Wash", 0, "car_wash", 0), "points must be 1 to"),
        (lambda: LoyaltyPolicy(time_zone="Mars/Olympus"), "time zone"),
        (lambda: LoyaltyPolicy(time_zone=""), "time zone"),
        (lambda: LoyaltyPolicy(time_zone="x" * 300), "time zone"),
        (lambda: LoyaltyPolicy(rewards=(DEFAULT_REWARDS[0], DEFAULT_REWARDS[0])), "unique"),
    ],
)
def test_nonsense_is_refused_with_the_reason(make: Callable[[], object], because: str) -> None:
    with pytest.raises(ValueError, match=because):
        make()


@pytest.mark.parametrize("value", [-1, 10**13])
@pytest.mark.parametrize(
    ("rules", "number"),
    [
        (rules, number.name)
        for rules in (EarningPolicy(), TierPolicy(), ReferralPolicy(), DEFAULT_REWARDS[0], LoyaltyPolicy())
        for number in fields(rules)
        if type(getattr(rules, number.name)) is int
    ],
)
def test_every_number_has_bounds(rules: Any, number: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{number} must be|scores must rise"):
        replace(rules, **{number: value})
