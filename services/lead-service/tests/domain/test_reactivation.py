from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.interest import Interest
from lead_service.domain.reactivation import (
    Candidate,
    ReactivationPolicy,
    ReactivationState,
    is_held_out,
    reactivate,
    reactivation_id,
    season_of,
)
from lead_service.domain.rules import DEFAULT_RULES
from lead_service.domain.signal import MarketSignal, SignalKind

NOW = datetime(2026, 1, 5, tzinfo=UTC)
SIGNAL = MarketSignal(
    UUID(int=1), UUID(int=2), SignalKind.PRICE_CUT, "BYD", "Seal", None, 200, 100, None, None, None, NOW
)
CANDIDATE = Candidate(
    lead_id=UUID(int=3),
    store_id=UUID(int=4),
    rule=0,
    reason=DefeatReason.PRICE,
    grade=Grade.A,
    interest=Interest("BYD", "Seal"),
    defeated_at=NOW - timedelta(days=10),
    attempts=0,
)
EVERYONE = ReactivationPolicy(hold_out_percent=0)


def approach(candidate, policy=EVERYONE):
    [reactivation] = reactivate([candidate], SIGNAL, policy)
    return reactivation


candidates = st.builds(
    replace,
    st.just(CANDIDATE),
    rule=st.integers(0, len(DEFAULT_RULES) - 1),
    grade=st.sampled_from(Grade),
    attempts=st.integers(0, 20),
    defeated_at=st.integers(0, 3000).map(lambda days: NOW - timedelta(days=days)),
)


@given(candidates)
def test_a_priority_is_the_sum_of_its_factors_between_0_and_100(candidate):
    reactivation = approach(candidate)

    assert reactivation.priority == min(max(sum(reactivation.factors.values()), 0), 100)
    assert set(reactivation.factors) == {"grade", "reason_fit", "recency", "earlier_attempts"}


@given(candidates, st.integers(1, 500))
def test_fresher_and_less_often_approached_is_never_less_urgent(candidate, days):
    staler = replace(candidate, defeated_at=candidate.defeated_at - timedelta(days=days))
    bothered = replace(candidate, attempts=candidate.attempts + 1)
    urgency = approach(candidate).priority

    assert approach(staler).priority <= urgency
    assert approach(bothered).priority <= urgency


def test_warmer_is_more_urgent():
    urgencies = [approach(replace(CANDIDATE, grade=grade)).priority for grade in Grade]

    assert urgencies == sorted(urgencies, reverse=True)
    assert len(set(urgencies)) == 4


def test_the_best_lead_there_can_be_has_the_whole_hundred():
    best = replace(CANDIDATE, grade=Grade.H, defeated_at=NOW)

    assert approach(best).priority == 100


@given(st.uuids(), st.text(), st.integers(0, 100), st.integers(0, 100))
def test_a_lead_once_held_out_stays_so_when_more_are(lead_id, season, percent, more):
    held = is_held_out(lead_id, season, percent)

    assert held == is_held_out(lead_id, season, percent)
    assert not held or is_held_out(lead_id, season, max(percent, more))


@pytest.mark.parametrize(
    ("at", "season"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2026Q1"),
        (datetime(2026, 3, 31, 23, 59, tzinfo=UTC), "2026Q1"),
        (datetime(2026, 4, 1, 7, 59, tzinfo=timezone(timedelta(hours=8))), "2026Q1"),
        (datetime(2026, 4, 1, 8, tzinfo=timezone(timedelta(hours=8))), "2026Q2"),
        (datetime(2026, 12, 31, tzinfo=UTC), "2026Q4"),
    ],
)
def test_a_season_is_a_quarter_in_utc(at, season):
    assert season_of(at) == season


@given(st.uuids(), st.integers(0, 89))
def test_who_is_held_out_from_one_signal_is_so_from_every_signal_of_the_quarter(lead_id, days):
    half = ReactivationPolicy(hold_out_percent=50)
    candidate = replace(CANDIDATE, lead_id=lead_id)
    later = replace(SIGNAL, kind=SignalKind.OFFER, received_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days))

    [one], [other] = reactivate([candidate], SIGNAL, half), reactivate([candidate], later, half)

    assert one.state is other.state
    assert reactivation_id(lead_id, SIGNAL, at=NOW) != reactivation_id(lead_id, later, at=NOW)


def test_the_hold_out_is_about_its_share_and_another_one_each_season():
    leads = [uuid4() for _ in range(5000)]

    first = {lead for lead in leads if is_held_out(lead, "2026Q1", 10)}
    second = {lead for lead in leads if is_held_out(lead, "2026Q2", 10)}

    assert 350 < len(first) < 650
    assert len(first & second) < len(first) / 2


def test_nobody_is_held_out_at_nothing_and_everybody_at_a_hundred():
    states = [
        {approach(replace(CANDIDATE, lead_id=uuid4()), ReactivationPolicy(hold_out_percent=p)).state} for p in (0, 100)
    ]

    assert states == [{ReactivationState.ACTIVATED}, {ReactivationState.HELD_OUT}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"hold_out_percent": 101},
        {"cool_off_days": -1},
        {"cool_off_days": 10**12},
        {"max_attempts": 10**6},
        {"recency_days": 0},
        {"grade_points": {Grade.A: 1}},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"lies between|says nothing of b, c, h"):
        ReactivationPolicy(**wrong)


@pytest.mark.parametrize("wrong", [{"fit": 41}, {"fit": -1}, {"older_than_days": 10**9}])
def test_a_rule_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="between 0 and"):
        replace(DEFAULT_RULES[0], **wrong)
