"""Tiers: up at once, down only after the grace period."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loyalty_service.domain.policy import Tier, TierPolicy
from loyalty_service.domain.tiers import Activity, NextTier, Standing, assess, next_tier, score_of, tier_for

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
POLICY = TierPolicy()

activities = st.builds(
    Activity,
    spend_cents=st.integers(0, 10_000_000),
    services=st.integers(0, 40),
    referrals=st.integers(0, 20),
    oldest_at=st.just(NOW - timedelta(days=100)),
)
standings = st.sampled_from([Standing(tier, review_at=NOW) for tier in Tier])


def test_score_adds_spend_frequency_and_referrals() -> None:
    assert score_of(Activity(spend_cents=128_099, services=2, referrals=1), POLICY) == 1_280 + 600 + 2_000


@pytest.mark.parametrize(
    ("score", "tier"),
    [(0, Tier.MEMBER), (2_999, Tier.MEMBER), (3_000, Tier.SILVER), (10_000, Tier.GOLD), (25_000, Tier.PLATINUM)],
)
def test_a_tier_is_reached_on_its_score(score: int, tier: Tier) -> None:
    assert tier_for(score, POLICY) is tier


def test_a_member_rises_over_several_tiers_at_once() -> None:
    activity = Activity(spend_cents=1_200_000, services=1, oldest_at=NOW)

    assert assess(Standing(), activity, POLICY, now=NOW) == Standing(
        Tier.GOLD, review_at=datetime(2027, 3, 1, 10, tzinfo=UTC)
    )


def test_a_lost_score_starts_the_grace_period_and_keeps_the_tier() -> None:
    until = NOW + timedelta(days=90)

    assert assess(Standing(Tier.GOLD, review_at=NOW), Activity(), POLICY, now=NOW) == Standing(
        Tier.GOLD, review_at=until, grace_until=until
    )


def test_after_the_grace_period_the_member_falls_to_what_the_score_carries() -> None:
    silver = Activity(spend_cents=300_000, services=1, oldest_at=NOW - timedelta(days=10))

    fallen = assess(Standing(Tier.PLATINUM, review_at=NOW, grace_until=NOW), silver, POLICY, now=NOW)

    assert (fallen.tier, fallen.grace_until) == (Tier.SILVER, None)


def test_a_score_regained_within_the_grace_period_ends_it() -> None:
    gold = Activity(spend_cents=1_000_000, oldest_at=NOW - timedelta(days=10))
    waiting = Standing(Tier.GOLD, review_at=NOW + timedelta(days=5), grace_until=NOW + timedelta(days=5))

    assert assess(waiting, gold, POLICY, now=NOW).grace_until is None


@given(standing=standings, activity=activities)
def test_a_look_without_grace_never_lowers_a_tier(standing: Standing, activity: Activity) -> None:
    after = assess(standing, activity, POLICY, now=NOW)

    assert after.tier.rank == max(standing.tier.rank, tier_for(score_of(activity, POLICY), POLICY).rank)


@given(standing=standings, activity=activities)
def test_every_tier_above_the_lowest_is_looked_at_again(standing: Standing, activity: Activity) -> None:
    after = assess(standing, activity, POLICY, now=NOW)

    assert (after.review_at is None) == (after.tier is Tier.MEMBER)
    assert after.review_at is None or after.review_at > NOW


@given(score=st.integers(0, 24_999))
def test_each_missing_figure_alone_reaches_the_next_tier(score: int) -> None:
    tier = tier_for(score, POLICY)
    above = next_tier(tier, score, POLICY)

    assert above is not None
    assert above.missing_spend_cents is not None
    assert above.missing_services is not None
    assert tier_for(score + above.missing_spend_cents // 100, POLICY) is above.name
    assert tier_for(score + above.missing_services * POLICY.score_per_service, POLICY).rank >= above.name.rank


def test_what_counts_for_nothing_cannot_be_missing() -> None:
    policy = TierPolicy(score_per_referral=0)

    assert next_tier(Tier.MEMBER, 1_580, policy) == NextTier(Tier.SILVER, 3_000, 1_420, 142_000, 5, None)


def test_above_platinum_there_is_nothing() -> None:
    assert next_tier(Tier.PLATINUM, 30_000, POLICY) is None
