"""The largest consistent chain, held against every subset."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

from customer_service.domain.chain import Point, follows, longest_chain
from hypothesis import given
from hypothesis import strategies as st

START = datetime(2026, 1, 1, tzinfo=UTC)
KM_PER_DAY = 2_000

points = st.builds(
    lambda hours, km: Point(START + timedelta(hours=hours), km),
    st.integers(0, 240),
    st.integers(0, 12_000),
)


def consistent(run: list[Point]) -> bool:
    return all(follows(later, earlier, KM_PER_DAY) for earlier, later in pairwise(run))


def longest_by_trial(readings: list[Point], before: Point | None, after: Point | None) -> int:
    for size in range(len(readings), 0, -1):
        for run in combinations(readings, size):
            if consistent([*([before] if before else []), *run, *([after] if after else [])]):
                return size
    return 0


@given(st.lists(points, max_size=8).map(sorted), st.none() | points, st.none() | points)
def test_no_consistent_choice_of_readings_is_larger(readings, before, after):
    readings = [p for p in readings if (not before or before <= p) and (not after or p <= after)]

    chain = longest_chain(readings, before, after, KM_PER_DAY)

    assert chain == sorted(set(chain))
    assert len(chain) == longest_by_trial(readings, before, after)
    if chain:
        assert consistent([*([before] if before else []), *(readings[i] for i in chain), *([after] if after else [])])


@given(st.lists(st.integers(0, 1_999), min_size=1, max_size=200))
def test_readings_that_all_agree_all_stay(distances):
    km, readings = 0, []
    for day, distance in enumerate(distances):
        km += distance
        readings.append(Point(START + timedelta(days=day), km))

    assert longest_chain(readings, None, None, KM_PER_DAY) == list(range(len(readings)))


def test_of_two_readings_that_contradict_each_other_the_lower_stays():
    high, low = Point(START, 50_000), Point(START + timedelta(days=1), 20_000)

    assert longest_chain([high, low], None, None, KM_PER_DAY) == [1]
    assert longest_chain([Point(START, 20_000), Point(START + timedelta(days=1), 50_000)], None, None, KM_PER_DAY) == [
        0
    ]


def test_a_run_is_found_whose_last_reading_is_ahead_of_all_others():
    readings = [
        Point(START, 0),
        Point(START, 1),
        Point(START + timedelta(hours=1), 0),
        Point(START + timedelta(hours=26), 2_002),
    ]

    assert longest_chain(readings, None, None, KM_PER_DAY) == [0, 2, 3]
