from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.errors import NotApproached, ReactivationEnded
from lead_service.domain.opportunity import Opportunity, OpportunityOutcome, Successor, decline, settle
from lead_service.domain.reactivation import ReactivationState
from lead_service.domain.rules import Strategy
from lead_service.domain.stage import Stage

NOW = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Opportunity(
    dealer_id=UUID(int=1),
    id=UUID(int=2),
    lead_id=UUID(int=3),
    signal_id=UUID(int=4),
    store_id=UUID(int=5),
    state=ReactivationState.ACTIVATED,
    strategy=Strategy.PRICE_DROP,
    reason=DefeatReason.PRICE,
    reactivated_at=NOW,
    expires_at=NOW + 90 * DAY,
)


def back(days: float, stage: Stage = Stage.NEW) -> Successor:
    return Successor(UUID(int=6), stage, NOW + days * DAY)


@pytest.mark.parametrize(
    ("successor", "after_days", "outcome"),
    [
        (None, 89, OpportunityOutcome.OPEN),
        (None, 91, OpportunityOutcome.EXPIRED),
        (back(10), 10, OpportunityOutcome.RE_ENGAGED),
        (back(90), 200, OpportunityOutcome.RE_ENGAGED),
        (back(91), 200, OpportunityOutcome.EXPIRED),
        (back(10, Stage.WON), 200, OpportunityOutcome.WON),
        (back(10, Stage.DEFEATED), 200, OpportunityOutcome.RE_ENGAGED),
        (back(0), 1, OpportunityOutcome.OPEN),
    ],
)
def test_who_comes_back_in_time_counts(successor, after_days, outcome):
    settled = settle(OPEN, successor, at=NOW + after_days * DAY)

    assert settled.outcome is outcome
    assert settled.successor_lead_id == (successor.lead_id if outcome in ("re_engaged", "won") else None)


@given(st.permutations([11, 30, 91, 120]))
def test_when_it_is_heard_of_changes_nothing(days_of_hearing):
    opportunity = OPEN
    for days in days_of_hearing:
        opportunity = settle(opportunity, back(10, Stage.WON), at=NOW + days * DAY)

    assert (opportunity.outcome, opportunity.successor_lead_id) == (OpportunityOutcome.WON, UUID(int=6))


@given(st.integers(0, 200), st.sampled_from([None, back(10), back(10, Stage.WON), back(95)]))
def test_settling_twice_is_settling_once(days, successor):
    once = settle(OPEN, successor, at=NOW + days * DAY)

    assert settle(once, successor, at=NOW + days * DAY) == once


def test_a_sale_that_is_undone_is_none():
    won = settle(OPEN, back(10, Stage.WON), at=NOW + 20 * DAY)

    assert settle(won, back(10, Stage.NEGOTIATING), at=NOW + 21 * DAY).outcome is OpportunityOutcome.RE_ENGAGED


def test_who_said_no_and_comes_back_counts():
    declined = decline(OPEN, at=NOW + DAY)

    assert (declined.outcome, declined.ended_at) == (OpportunityOutcome.DECLINED, NOW + DAY)
    assert decline(declined, at=NOW + 2 * DAY) == declined
    assert settle(declined, None, at=NOW + 100 * DAY) == declined
    assert settle(declined, back(20), at=NOW + 20 * DAY).outcome is OpportunityOutcome.RE_ENGAGED


def test_nobody_declines_what_was_not_said_or_is_over():
    with pytest.raises(NotApproached):
        decline(replace(OPEN, state=ReactivationState.HELD_OUT), at=NOW)
    with pytest.raises(ReactivationEnded, match="expired"):
        decline(settle(OPEN, None, at=NOW + 91 * DAY), at=NOW + 92 * DAY)


def test_what_was_withdrawn_stays_so_unless_the_person_comes_back_or_says_no():
    withdrawn = replace(OPEN, outcome=OpportunityOutcome.WITHDRAWN, ended_at=NOW + DAY)

    assert settle(withdrawn, None, at=NOW + 200 * DAY) == withdrawn
    assert settle(withdrawn, back(10), at=NOW + 10 * DAY).outcome is OpportunityOutcome.RE_ENGAGED
    assert decline(withdrawn, at=NOW + 2 * DAY).outcome is OpportunityOutcome.DECLINED
