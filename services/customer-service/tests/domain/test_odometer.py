"""Which readings are believed: typos at every place, late ones, first ones, and what must hold of all."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from customer_service.domain.chain import Point, follows
from customer_service.domain.odometer import History, OdometerRules, Reason, judge
from hypothesis import given
from hypothesis import strategies as st

RULES = OdometerRules()
PURCHASED = datetime(2024, 12, 31, 16, tzinfo=UTC)
NOW = PURCHASED + timedelta(days=400)
NEW_CAR = History(PURCHASED, purchase_km=0)


def on_day(day: float, km: int) -> Point:
    return Point(PURCHASED + timedelta(days=day), km)


STEADY = [on_day(day, 100 + 50 * day) for day in range(10, 300, 10)]


@pytest.mark.parametrize("place", [0, 5, 14, len(STEADY) - 1])
@pytest.mark.parametrize("typo", [3, 90_000, 999_105, 1_999_105])
def test_a_typo_is_dropped_wherever_it_stands_and_its_neighbours_stay(place, typo):
    readings = [*STEADY]
    readings[place] = Point(readings[place].at, typo)

    verdicts = judge(readings, NEW_CAR, RULES, now=NOW)

    plausible_low = place == 0 and typo == 3
    assert [i for i, reason in enumerate(verdicts) if reason] == ([] if plausible_low else [place])


def test_a_typo_that_continues_the_history_is_implausible_and_the_readings_after_it_are_believed():
    history = History(PURCHASED, 0, (on_day(99, 15_000),))

    verdicts = judge([on_day(100, 151_000), on_day(101, 15_200), on_day(102, 15_260)], history, RULES, now=NOW)

    assert verdicts == [Reason.IMPLAUSIBLE_DISTANCE, None, None]


def test_a_first_ever_typo_is_bounded_by_what_a_vehicle_can_have_driven_since_its_purchase():
    assert judge([on_day(20, 18_001)], NEW_CAR, RULES, now=NOW) == [Reason.IMPLAUSIBLE_DISTANCE]
    assert judge([on_day(20, 18_000)], NEW_CAR, RULES, now=NOW) == [None]
    assert judge([on_day(100, 60_000)], NEW_CAR, RULES, now=NOW) == [None]
    assert judge([on_day(100, 60_001)], NEW_CAR, RULES, now=NOW) == [Reason.IMPLAUSIBLE_DISTANCE]


def test_first_readings_that_agree_are_believed_of_a_used_car_whose_odometer_at_purchase_nobody_told():
    readings = [on_day(1, 83_000), on_day(2, 83_100), on_day(3, 83_150)]

    assert judge(readings, NEW_CAR, RULES, now=NOW) == [None, None, None]
    assert judge(readings[:2], NEW_CAR, RULES, now=NOW) == [Reason.IMPLAUSIBLE_DISTANCE] * 2
    assert judge(readings, History(PURCHASED, 30), RULES, now=NOW) == [Reason.IMPLAUSIBLE_DISTANCE] * 3


def test_nothing_is_believed_below_the_odometer_at_purchase():
    history = History(PURCHASED, 12_000)

    assert judge([on_day(5, 11_999), on_day(6, 12_000)], history, RULES, now=NOW) == [Reason.GOES_BACK, None]


def test_a_late_reading_between_its_neighbours_is_history():
    history = History(PURCHASED, 0, (on_day(10, 1_000), on_day(20, 2_000)))

    verdicts = judge([on_day(15, 1_500), on_day(16, 900), on_day(17, 2_001)], history, RULES, now=NOW)

    assert verdicts == [None, Reason.GOES_BACK, Reason.GOES_BACK]


def test_the_future_the_time_before_the_purchase_and_the_ceiling_have_their_own_reasons():
    readings = [
        Point(NOW + timedelta(minutes=10), 20_000),
        Point(NOW + timedelta(minutes=10, seconds=1), 20_000),
        on_day(-0.001, 10),
        on_day(399, 1_000_001),
    ]

    assert judge(readings, NEW_CAR, RULES, now=NOW) == [
        None,
        Reason.IN_THE_FUTURE,
        Reason.BEFORE_PURCHASE,
        Reason.IMPLAUSIBLE_DISTANCE,
    ]


def test_at_least_a_day_is_counted_between_two_readings():
    history = History(PURCHASED, 0, (on_day(10, 1_000),))

    assert judge([on_day(10.01, 3_000)], history, RULES, now=NOW) == [None]
    assert judge([on_day(10.01, 3_001)], history, RULES, now=NOW) == [Reason.IMPLAUSIBLE_DISTANCE]


def test_no_readings_have_no_verdicts():
    assert judge([], NEW_CAR, RULES, now=NOW) == []


days = st.floats(-5, 410, allow_nan=False).map(lambda day: round(day, 3))
readings_of_any_kind = st.lists(
    st.builds(on_day, days, st.integers(0, 1_100_000) | st.integers(0, 30_000)), max_size=30
)


@given(readings_of_any_kind, readings_of_any_kind, st.sampled_from([0, 30]))
def test_what_is_believed_never_goes_back_and_never_outruns_a_day_whatever_arrives(first, second, purchase_km):
    history = History(PURCHASED, purchase_km)
    for batch in (first, second):
        verdicts = judge(batch, history, RULES, now=NOW)
        believed = (point for point, reason in zip(batch, verdicts, strict=True) if reason is None)
        history = History(PURCHASED, purchase_km, (*history.accepted, *believed))

    assert all(follows(later, earlier, RULES.max_km_per_day) for earlier, later in pairwise(history.known))


@given(readings_of_any_kind, st.randoms())
def test_the_order_of_arrival_inside_a_batch_does_not_matter(readings, random):
    verdict_of = dict(zip(readings, judge(readings, NEW_CAR, RULES, now=NOW), strict=True))
    shuffled = random.sample(readings, len(readings))

    assert len(set(readings)) < len(readings) or judge(shuffled, NEW_CAR, RULES, now=NOW) == [
        verdict_of[reading] for reading in shuffled
    ]


@given(readings_of_any_kind)
def test_a_reading_is_judged_the_same_beside_its_neighbours_as_beside_the_whole_history(readings):
    verdicts = judge(STEADY, NEW_CAR, RULES, now=NOW)
    whole = History(PURCHASED, 0, tuple(STEADY))
    neighbours = {
        found
        for reading in readings
        for found in (
            max((p for p in STEADY if p.at < reading.at), default=None),
            next((p for p in STEADY if p.at == reading.at), None),
            min((p for p in STEADY if p.at > reading.at), default=None),
        )
        if found
    }

    assert verdicts == [None] * len(STEADY)
    if readings:
        near = History(PURCHASED, 0, tuple(neighbours))
        assert judge(readings, near, RULES, now=NOW) == judge(readings, whole, RULES, now=NOW)
