"""Old enough and driven enough."""

from datetime import date

import pytest
from customer_service.domain.trade_in import TradeInRules, is_candidate, owned_months


@pytest.mark.parametrize(
    ("purchased_on", "today", "months"),
    [
        (date(2023, 5, 10), date(2026, 5, 9), 35),
        (date(2023, 5, 10), date(2026, 5, 10), 36),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2026, 5, 11), date(2026, 5, 10), 0),
    ],
)
def test_only_whole_months_count(purchased_on, today, months):
    assert owned_months(purchased_on, today) == months


def test_three_years_and_fifty_thousand_kilometres_make_a_candidate():
    rules, bought, today = TradeInRules(), date(2023, 5, 10), date(2026, 5, 10)

    assert is_candidate(bought, 50_000, rules, today=today)
    assert not is_candidate(bought, 49_999, rules, today=today)
    assert not is_candidate(date(2023, 5, 11), 50_000, rules, today=today)
