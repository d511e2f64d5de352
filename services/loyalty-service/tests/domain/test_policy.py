"""A policy that makes no sense cannot be had."""

from collections.abc import Callable

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
        (lambda: TierPolicy(score_per_service=-1), "weights"),
        (lambda: ReferralPolicy(hold_days=-1), "hold_days"),
        (lambda: Reward("wash", "洗车", "Wash", 0, "car_wash", 0), "at least one point"),
        (lambda: LoyaltyPolicy(time_zone="Mars/Olympus"), "time zone"),
        (lambda: LoyaltyPolicy(time_zone=""), "time zone"),
        (lambda: LoyaltyPolicy(rewards=(DEFAULT_REWARDS[0], DEFAULT_REWARDS[0])), "unique"),
    ],
)
def test_nonsense_is_refused_with_the_reason(make: Callable[[], object], because: str) -> None:
    with pytest.raises(ValueError, match=because):
        make()
