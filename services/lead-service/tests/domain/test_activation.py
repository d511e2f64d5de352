import pytest
from lead_service.domain.activation import Group, Verdict, compare
from lead_service.domain.opportunity import OpportunityOutcome


def group(won: int, of: int) -> Group:
    return Group({OpportunityOutcome.WON: won, OpportunityOutcome.EXPIRED: of - won})


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
    assert compare(group(*activated), group(*held_out)).verdict is verdict


def test_without_a_hold_out_there_is_no_difference_to_tell():
    comparison = compare(group(5, 100), group(0, 0))

    assert (comparison.difference, comparison.interval) == (None, None)


def test_who_came_back_and_bought_came_back():
    mixed = Group({OpportunityOutcome.WON: 2, OpportunityOutcome.RE_ENGAGED: 3, OpportunityOutcome.OPEN: 5})

    assert (mixed.won.rate, mixed.came_back.rate, mixed.leads) == (0.2, 0.5, 10)
