"""What a fact is worth and how long points live."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loyalty_service.domain.awards import Life, life_from, service_points
from loyalty_service.domain.calendar import end_of_day, local_day, months_after
from loyalty_service.domain.policy import EarningPolicy, LoyaltyPolicy

POLICY = LoyaltyPolicy()


@pytest.mark.parametrize(("cents", "points"), [(128_000, 1_280), (128_099, 1_280), (99, 0), (0, 0)])
def test_whole_yuan_count_and_the_rest_does_not(cents: int, points: int) -> None:
    assert service_points(cents, POLICY) == points


def test_a_dealer_may_give_more_points_per_yuan() -> None:
    assert service_points(12_345, LoyaltyPolicy(earning=EarningPolicy(points_per_yuan=2))) == 246


def test_points_live_24_months_of_the_dealers_calendar() -> None:
    late_in_utc = datetime(2026, 2, 27, 16, 30, tzinfo=UTC)  # the 28th in Shanghai

    assert life_from(late_in_utc, POLICY) == Life(late_in_utc, date(2028, 2, 28), datetime(2028, 2, 28, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
    ],
)
def test_a_month_that_is_too_short_ends_on_its_last_day(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


@given(st.integers(0, 3 * 10**9))
def test_a_days_end_is_the_first_instant_of_the_next_day(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    day = local_day(at, "Asia/Shanghai")

    assert at < end_of_day(day, "Asia/Shanghai")
    assert local_day(end_of_day(day, "Asia/Shanghai"), "Asia/Shanghai") > day
