"""Known values are those that Newcombe 1998 publishes for both intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.statistics import Share, difference, wilson


@st.composite
def shares(draw, most=2000):
    of = draw(st.integers(1, most))
    return Share(draw(st.integers(0, of)), of)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_has_the_published_values(hits, of, low, high):
    interval = wilson(Share(hits, of))

    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_interval_has_the_published_values(one, other, low, high):
    interval = difference([(Share(*one), Share(*other))]).interval

    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


@given(shares())
def test_a_rate_lies_in_its_interval(share):
    interval = wilson(share)

    assert 0 <= interval.low <= share.rate + 1e-12
    assert share.rate - 1e-12 <= interval.high <= 1


@given(shares(), shares())
def test_the_difference_turned_round_has_the_interval_turned_round(one, other):
    there, back = difference([(one, other)]).interval, difference([(other, one)]).interval

    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.low - 1e-12 <= one.rate - other.rate <= there.high + 1e-12


@given(st.lists(st.tuples(shares(), shares()), min_size=1, max_size=5))
def test_a_difference_over_strata_lies_between_theirs_and_in_its_interval(strata):
    found = difference(strata)

    each = [one.rate - other.rate for one, other in strata]
    assert min(each) - 1e-12 <= found.value <= max(each) + 1e-12
    assert found.interval.low - 1e-12 <= found.value <= found.interval.high + 1e-12


def test_strata_weigh_by_what_they_can_tell():
    """90 of 10 weigh 9, 50 of 50 weigh 25 (Greenland and Robins 1985)."""
    found = difference([(Share(45, 90), Share(1, 10)), (Share(10, 50), Share(5, 50)), (Share(1, 1), Share(0, 0))])

    assert found.value == pytest.approx((9 * 0.4 + 25 * 0.1) / 34)


def test_a_stratum_that_is_cut_in_two_says_nearly_as_much():
    whole = difference([(Share(80, 400), Share(40, 400))])
    halves = difference([(Share(40, 200), Share(20, 200))] * 2)

    assert halves.value == pytest.approx(whole.value)
    assert halves.interval.low == pytest.approx(whole.interval.low, abs=0.002)


def test_of_nothing_nothing_is_known():
    assert Share(0, 0).rate is None
    assert (wilson(Share(0, 0)).low, wilson(Share(0, 0)).high) == (0, 1)
    assert difference([(Share(0, 0), Share(1, 2)), (Share(1, 2), Share(0, 0))]) is None
    assert difference([]) is None


@pytest.mark.parametrize(("hits", "of"), [(2, 1), (-1, 1), (0, -1)])
def test_there_are_no_more_hits_than_cases(hits, of):
    with pytest.raises(ValueError, match="hits lie between"):
        Share(hits, of)
