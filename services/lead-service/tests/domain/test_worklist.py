from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import prod
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.contact import Contact
from lead_service.domain.grade import Grade
from lead_service.domain.interest import Interest
from lead_service.domain.lead import Lead
from lead_service.domain.source import Channel, Source
from lead_service.domain.stage import Stage
from lead_service.domain.worklist import (
    MOST_DOUBLINGS,
    BudgetWeight,
    WorklistPolicy,
    ranked,
    urgency,
    value_factors,
)

START = datetime(2026, 1, 5, tzinfo=UTC)
OPEN = [stage for stage in Stage if not stage.is_closed]

weights = st.floats(1, 100)
policies = st.builds(
    WorklistPolicy,
    grade_weights=st.fixed_dictionaries(dict.fromkeys(Grade, weights)),
    stage_weights=st.dictionaries(st.sampled_from(Stage), weights),
    unanswered_weight=weights,
    urgency_doubles_in_hours=st.integers(1, 720),
)
facts = st.fixed_dictionaries(
    {
        "grade": st.sampled_from(Grade),
        "stage": st.sampled_from(OPEN),
        "interest": st.builds(Interest, budget_cents=st.none() | st.integers(0, 10**8)),
        "next_contact_at": st.integers(-20_000, 20_000).map(lambda n: START + timedelta(minutes=n)),
        "responded_at": st.none() | st.just(START),
    }
)


@given(policies, facts, facts, st.integers(-20_000, 20_000))
def test_the_place_of_a_lead_is_its_value_times_its_urgency_at_any_time(policy, one, other, minutes):
    at = START + timedelta(minutes=minutes)
    first, second = (ranked(lead_with(**changes), policy) for changes in (one, other))

    urgencies = [urgency(lead.due_at, policy, at=at) for lead in (first, second)]
    is_bounded = not all(2**-MOST_DOUBLINGS < each < 2**MOST_DOUBLINGS for each in urgencies)
    values = [prod(value_factors(lead, policy).values()) for lead in (first, second)]

    if not is_bounded and values[0] * urgencies[0] > values[1] * urgencies[1] * 1.000_001:
        assert first.ranked_at <= second.ranked_at


def test_urgency_doubles_with_each_doubling():
    found = [urgency(START, WorklistPolicy(), at=START + timedelta(hours=hours)) for hours in (-24, 0, 24, 48)]

    assert found == [0.5, 1, 2, 4]


def test_a_lead_that_nobody_answered_comes_before_its_like(lead):
    answered = replace(lead, responded_at=START)

    assert ranked(lead, WorklistPolicy()).ranked_at < ranked(answered, WorklistPolicy()).ranked_at


@pytest.mark.parametrize(
    ("budget_cents", "weight"), [(None, 1.0), (14_999_999, 1.0), (15_000_000, 1.2), (39_999_999, 1.5), (10**9, 2.0)]
)
def test_a_budget_weighs_by_its_band(lead, budget_cents, weight):
    asked = replace(lead, interest=Interest("BYD", "Seal", budget_cents=budget_cents))

    assert value_factors(asked, WorklistPolicy())["budget"] == weight


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"grade_weights": {Grade.H: 8.0}}, "say nothing of a, b, c"),
        ({"grade_weights": dict.fromkeys(Grade, 0.5)}, "weights lie between 1 and 100"),
        ({"stage_weights": {Stage.NEW: 101.0}}, "weights lie between 1 and 100"),
        ({"unanswered_weight": float("nan")}, "weights lie between 1 and 100"),
        ({"budget_weights": (BudgetWeight(2, 1.0), BudgetWeight(1, 1.0))}, "rise by from_cents"),
        ({"budget_weights": tuple(BudgetWeight(n, 1.0) for n in range(21))}, "at most 20"),
        ({"urgency_doubles_in_hours": 0}, "urgency_doubles_in_hours lies between"),
        ({"hours_ahead": 25}, "hours_ahead lies between"),
    ],
)
def test_weights_have_bounds(wrong, why):
    with pytest.raises(ValueError, match=why):
        WorklistPolicy(**wrong)


def lead_with(**changes: Any) -> Lead:
    """A lead of these facts."""
    return Lead(
        dealer_id=UUID(int=1),
        id=UUID(int=2),
        store_id=UUID(int=3),
        source=Source(Channel.WEBSITE, "website"),
        contact=Contact("李娜", email="a@b.cn"),
        consents=(),
        touches=1,
        captured_at=START,
        respond_by=START,
        **changes,
    )
