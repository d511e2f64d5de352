from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_reminder.domain.errors import ImplausibleOdometer, OdometerGoesBack
from service_reminder.domain.odometer import KEPT_WEEKS, Odometer, Reading, at_entry, check_workshop_reading, keep

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

readings = st.lists(
    st.builds(
        lambda hours, km: Reading(START + timedelta(hours=hours), km), st.integers(0, 9_000), st.integers(0, 300_000)
    ),
    max_size=80,
)


@given(readings, readings)
def test_what_is_kept_does_not_depend_on_how_readings_were_split_repeated_or_ordered(some, others):
    at_once = keep([*some, *others])

    assert keep([*keep(some), *others]) == at_once
    assert keep([*keep(others), *keep(some), *others]) == at_once
    assert keep(reversed([*some, *others])) == at_once


@given(readings)
def test_at_most_27_readings_are_kept_and_the_newest_is_among_them(some):
    kept = keep(some)

    assert len(kept) <= KEPT_WEEKS + 1
    assert kept[-1:] == tuple(sorted(some)[-1:])


@given(readings, readings, st.integers(0, 9_000))
def test_the_reading_of_the_day_a_vehicle_became_known_does_not_depend_on_order(some, others, hours):
    registered_at = START + timedelta(hours=hours)
    at_once = at_entry([*some, *others], registered_at)
    first = at_entry(some, registered_at)

    assert at_entry([*([first] if first else []), *others], registered_at) == at_once


def odometer(*kept: Reading, stated_km: int = 0, stated_on_day: int = 0, bought_on_day: int = 0) -> Odometer:
    registered_at = START + stated_on_day * DAY
    return Odometer(
        stated=Reading(registered_at, stated_km),
        bought_at=START + bought_on_day * DAY,
        readings=keep(kept),
        entry=at_entry(kept, registered_at),
    )


def test_a_statement_counts_as_long_as_there_is_no_reading():
    assert odometer(stated_km=12_000).now.km == 12_000


def test_a_later_reading_replaces_the_statement_even_if_it_is_lower():
    typed_wrong = odometer(Reading(START + DAY, 28_600), stated_km=285_000)

    assert typed_wrong.now.km == 28_600
    assert typed_wrong.when_known.km == 28_600


def test_an_earlier_reading_above_the_statement_goes_before_it():
    known = odometer(Reading(START + DAY, 28_000), stated_km=12_000, stated_on_day=10)

    assert known.now.km == 28_000
    assert known.when_known.km == 28_000


def test_nothing_stated_of_an_old_car_says_nothing_once_a_reading_is_there():
    known = odometer(Reading(START + DAY, 28_000), stated_km=0, bought_on_day=-700)

    assert known.when_known.km == 28_000


def test_nothing_stated_of_a_new_car_means_zero():
    known = odometer(Reading(START + 100 * DAY, 5_000), stated_km=0, bought_on_day=-1)

    assert known.when_known == Reading(START, 0)


def test_the_workshop_may_read_what_is_known_or_more():
    check_workshop_reading(odometer(Reading(START, 30_000)), Reading(START + DAY, 30_000), most_km_per_day=2_000)


def test_the_workshop_may_not_read_less_than_is_known():
    with pytest.raises(OdometerGoesBack, match="29999 km"):
        check_workshop_reading(odometer(Reading(START, 30_000)), Reading(START + DAY, 29_999), most_km_per_day=2_000)


def test_a_typing_error_at_the_workshop_is_refused():
    with pytest.raises(ImplausibleOdometer, match="at most 32000 km"):
        check_workshop_reading(odometer(Reading(START, 30_000)), Reading(START + DAY, 300_120), most_km_per_day=2_000)


def test_an_old_car_nobody_stated_the_odometer_of_may_show_what_it_can_have_driven_since_its_purchase():
    unknown = odometer(stated_km=0, bought_on_day=-400)

    check_workshop_reading(unknown, Reading(START + DAY, 41_000), most_km_per_day=2_000)
