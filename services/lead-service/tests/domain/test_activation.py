import pytest
from lead_service.domain.activation import Tally, Verdict, compare, group_of
from lead_service.domain.opportunity import OpportunityOutcome
from lead_service.domain.reactivation import ReactivationState

ACTIVATED, HELD_OUT = ReactivationState.ACTIVATED, ReactivationState.HELD_OUT


def tallies(activated, held_out, percent=10, *, is_over=True):
    """Leads of whom so many of so many bought."""
    return [
        Tally(state, outcome, percent, is_over, leads)
        for state, (won, of) in ((ACTIVATED, activated), (HELD_OUT, held_out))
        for outcome, leads in ((OpportunityOutcome.WON, won), (OpportunityOutcome.EXPIRED, of - won))
    ]


@pytest.mark.parametrize(
    ("activated", "held_out", "verdict"),
    [
        ((56, 70), (48, 80), Verdict.WORKS),
        ((48, 80), (56, 70), Verdict.HARMS),
        ((50, 100), (49, 100), Verdict.NO_DIFFERENCE),
        ((29, 29), (0, 1000), Verdict.TOO_FEW),
        ((4, 1000), (0, 1000), Verdict.TOO_FEW),
        ((5, 1000), (0, 0), Verdict.TOO_FEW),
    ],
)
def test_the_verdict_is_what_the_interval_says_and_honest_about_small_numbers(activated, held_out, verdict):
    assert compare(tallies(activated, held_out)).verdict is verdict


def test_a_good_season_with_few_held_out_and_a_bad_one_with_many_are_no_effect():
    """Pooled, 5.7 % of the approached and 2.4 % of the held out bought; in neither season did it matter."""
    seasons = tallies((720, 9000), (80, 1000), 10) + tallies((45, 4500), (45, 4500), 50)

    comparison = compare(seasons)

    assert comparison.difference == pytest.approx(0)
    assert comparison.verdict is Verdict.NO_DIFFERENCE


@pytest.mark.parametrize("unlike", [{"percent": 0}, {"percent": 100}, {"is_over": False}])
def test_only_what_chance_drew_and_whose_time_is_over_is_compared(unlike):
    alike = tallies((56, 70), (48, 80))

    assert compare(alike + tallies((1000, 1000), (0, 1000), **unlike)) == compare(alike)
    assert compare(tallies((1000, 1000), (0, 1000), **unlike)).difference is None


def test_a_group_says_for_how_many_the_time_is_over():
    group = group_of(tallies((1, 4), (0, 3)) + tallies((2, 7), (0, 1), is_over=False), ACTIVATED)

    assert (group.leads, group.over, group.won.hits) == (11, 4, 3)
