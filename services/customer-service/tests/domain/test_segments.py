"""The segment is a total function, and time alone moves it only when it was said to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from customer_service.domain.segments import Rfm, Segment, SegmentRules, next_review_at, segment_of
from hypothesis import given
from hypothesis import strategies as st

RULES = SegmentRules()
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
TODAY = date(2026, 6, 1)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def bought(days: int) -> date:
    return TODAY - timedelta(days=days)


CASES = [
    (Rfm(None), Segment.PROSPECT),
    (Rfm(None, 5, days_ago(3), 5, 900_000, days_ago(300)), Segment.PROSPECT),
    (Rfm(bought(0)), Segment.NEW),
    (Rfm(bought(179), 1, days_ago(5), 1, 50_000, days_ago(5)), Segment.NEW),
    (Rfm(bought(179), 2, days_ago(5), 2, 300_000, days_ago(80)), Segment.CORE),
    (Rfm(bought(180)), Segment.SLEEPING),
    (Rfm(bought(900), 4, days_ago(183), 2, 300_000, days_ago(300)), Segment.CORE),
    (Rfm(bought(900), 4, days_ago(184), 2, 300_000, days_ago(300)), Segment.POTENTIAL),
    (Rfm(bought(900), 4, days_ago(10), 2, 299_999, days_ago(300)), Segment.REGULAR),
    (Rfm(bought(900), 4, days_ago(10), 1, 300_000, days_ago(10)), Segment.REGULAR),
    (Rfm(bought(900), 1, days_ago(10), 1, 299_999, days_ago(10)), Segment.SLEEPING),
    (Rfm(bought(1500), 9, days_ago(800)), Segment.SLEEPING),
]


@pytest.mark.parametrize(("rfm", "segment"), CASES)
def test_recency_frequency_and_money_name_the_segment(rfm, segment):
    assert segment_of(rfm, RULES, now=NOW, today=TODAY) is segment


def test_no_visit_for_two_years_is_asleep_even_where_the_window_is_longer():
    rules = replace(RULES, window_days=2_000)
    rfm = Rfm(bought(1500), 3, days_ago(731), 3, 10_000, days_ago(1400))

    assert segment_of(rfm, rules, now=NOW, today=TODAY) is Segment.SLEEPING
    assert segment_of(replace(rfm, last_visit_at=days_ago(730)), rules, now=NOW, today=TODAY) is Segment.REGULAR


@st.composite
def histories(draw):
    services = draw(st.integers(0, 6))
    visits = sorted(draw(st.lists(st.floats(0, 2_000), min_size=services, max_size=services)))
    in_window = [days for days in visits if days <= RULES.window_days]
    money = draw(st.integers(0, 500_000)) if in_window else 0
    return Rfm(
        first_purchase_on=draw(st.none() | st.integers(0, 3_000).map(bought)),
        services=services,
        last_visit_at=days_ago(visits[0]) if visits else None,
        frequency=len(in_window),
        money_cents=money,
        oldest_in_window_at=days_ago(in_window[-1]) if in_window else None,
    )


@given(histories())
def test_every_history_has_exactly_one_segment(rfm):
    assert segment_of(rfm, RULES, now=NOW, today=TODAY) in Segment


@given(histories(), st.floats(0.001, 1))
def test_until_the_next_review_time_alone_changes_nothing(rfm, part):
    review_at = next_review_at(rfm, RULES, now=NOW, zone=ZONE)
    until = review_at or NOW + timedelta(days=5_000)
    later = NOW + (until - NOW) * part - timedelta(seconds=2)

    if later > NOW:
        today = later.astimezone(ZONE).date()
        assert segment_of(rfm, RULES, now=later, today=today) is segment_of(rfm, RULES, now=NOW, today=TODAY)


def test_a_new_customer_is_reviewed_at_the_start_of_the_day_on_which_new_ends():
    assert next_review_at(Rfm(bought(10)), RULES, now=NOW, zone=ZONE) == datetime(2026, 11, 18, tzinfo=ZONE)
    assert next_review_at(Rfm(None), RULES, now=NOW, zone=ZONE) is None
