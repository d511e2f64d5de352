from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_reminder.domain.odometer import Reading
from service_reminder.domain.policy import PacePolicy
from service_reminder.domain.projection import Because, Pace, PaceSource, Target, pace, project

START = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)
POLICY = PacePolicy()

paces = st.floats(0.5, 1_000).map(lambda middle: Pace(middle, middle / 2, middle * 2, 5, 30, PaceSource.READINGS))


def weekly(km_per_day: float, weeks: int, start_km: int = 10_000) -> list[Reading]:
    return [Reading(START + week * 7 * DAY, start_km + round(week * 7 * km_per_day)) for week in range(weeks)]


def test_without_readings_the_prior_is_taken():
    assert pace((), POLICY) == Pace(40.0, 20.0, 60.0, 0, 0, PaceSource.PRIOR)


def test_readings_of_less_than_a_week_are_too_few():
    readings = [Reading(START, 100), Reading(START + 6 * DAY, 900)]

    assert pace(readings, POLICY) == Pace(40.0, 20.0, 60.0, 2, 6, PaceSource.PRIOR)


def test_two_readings_a_week_apart_give_a_pace():
    estimated = pace([Reading(START, 100), Reading(START + 10 * DAY, 600)], POLICY)

    assert estimated == Pace(50.0, pytest.approx(45.0), pytest.approx(55.0), 2, 10, PaceSource.READINGS)


@given(st.floats(1, 500), st.integers(6, 26), st.integers(0, 25), st.integers(-4_000, 4_000))
def test_one_wrong_reading_leaves_the_pace_standing(km_per_day, weeks, which, error_km):
    readings = weekly(km_per_day, weeks)
    spoilt = readings.copy()
    spoilt[which % weeks] = Reading(spoilt[which % weeks].read_at, spoilt[which % weeks].km + error_km)

    assert pace(spoilt, POLICY).km_per_day == pytest.approx(pace(readings, POLICY).km_per_day, abs=0.3)


@given(st.lists(st.integers(0, 900), min_size=2, max_size=26))
def test_the_pace_lies_within_its_interval(steps):
    km, readings = 0, []
    for week, step in enumerate(steps):
        km += step
        readings.append(Reading(START + week * 7 * DAY, km))

    estimated = pace(readings, POLICY)

    assert 0 <= estimated.slowest <= estimated.km_per_day <= estimated.fastest


def test_what_was_driven_more_than_a_year_ago_no_longer_counts():
    old = [Reading(START - 800 * DAY, 0), Reading(START - 700 * DAY, 20_000)]
    recent = weekly(30, 5, start_km=40_000)

    assert pace([*old, *recent], POLICY).km_per_day == pytest.approx(30)


def test_what_was_driven_more_than_a_year_ago_counts_where_nothing_else_is_known():
    readings = [Reading(START - 700 * DAY, 20_000), Reading(START, 34_000)]

    assert pace(readings, POLICY).km_per_day == pytest.approx(20)


@given(paces, st.integers(0, 100_000), st.integers(0, 100_000), st.integers(1, 200_000))
def test_a_higher_odometer_never_postpones_the_date(driven, km, more, target_km):
    target = Target(target_km, date(2030, 1, 1))
    near = project(target, Reading(START, km + more), driven)
    far = project(target, Reading(START, km), driven)

    assert near
    assert far
    assert near.due_on <= far.due_on


@given(paces, st.integers(0, 100_000), st.integers(1, 200_000), st.integers(0, 10_000))
def test_a_farther_target_never_comes_earlier(driven, km, target_km, more):
    near = project(Target(target_km, date(2030, 1, 1)), Reading(START, km), driven)
    far = project(Target(target_km + more, date(2030, 1, 1)), Reading(START, km), driven)

    assert near
    assert far
    assert near.due_on <= far.due_on


@given(
    paces, st.integers(0, 100_000), st.integers(1, 200_000), st.none() | st.dates(date(2020, 1, 1), date(2035, 1, 1))
)
def test_the_date_lies_within_its_interval(driven, km, target_km, on):
    projected = project(Target(target_km, on), Reading(START, km), driven)

    assert projected is None or projected.earliest_on <= projected.due_on <= projected.latest_on


def test_the_earlier_of_distance_and_time_counts():
    driven = Pace(50, 45, 55, 5, 30, PaceSource.READINGS)
    odometer = Reading(START, 29_500)

    by_distance = project(Target(30_000, date(2026, 3, 1)), odometer, driven)
    by_time = project(Target(30_000, date(2026, 1, 4)), odometer, driven)

    assert by_distance
    assert (by_distance.due_on, by_distance.because) == (date(2026, 1, 11), Because.DISTANCE)
    assert by_time
    assert (by_time.due_on, by_time.because) == (date(2026, 1, 4), Because.TIME)


def test_a_distance_already_driven_was_reached_in_the_past():
    driven = Pace(50, 45, 55, 5, 30, PaceSource.READINGS)

    projected = project(Target(30_000, None), Reading(START, 30_500), driven)

    assert projected
    assert projected.due_on == date(2025, 12, 22)


def test_a_parked_car_is_due_by_time_or_never():
    parked = Pace(0, 0, 0, 5, 30, PaceSource.READINGS)
    odometer = Reading(START, 29_500)

    by_time = project(Target(30_000, date(2026, 6, 1)), odometer, parked)

    assert by_time
    assert by_time.due_on == date(2026, 6, 1)
    assert project(Target(30_000, None), odometer, parked) is None
    reached = project(Target(29_000, None), odometer, parked)
    assert reached
    assert reached.due_on == date(2026, 1, 1)
