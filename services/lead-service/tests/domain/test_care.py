from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.care import CarePolicy
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.greeting import Neglected, plan
from lead_service.domain.interest import Interest
from lead_service.domain.reactivation import Candidate, ReactivationPolicy

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = ReactivationPolicy()
LOST = Candidate(
    lead_id=UUID(int=3),
    store_id=UUID(int=4),
    rule=0,
    reason=DefeatReason.PRICE,
    grade=Grade.A,
    interest=Interest("BYD", "Seal"),
    defeated_at=NOW - 90 * DAY,
    attempts=0,
)
DUE = Neglected(LOST, last_attempt_at=None, greetings=0, came_back=False)


def planned(lead=DUE, policy=POLICY, at=NOW):
    greeting = plan(lead, policy, ZONE, at=at)
    return greeting.greet, greeting.next_at


def test_a_lead_lost_long_ago_is_greeted_and_has_its_next_turn():
    assert planned() == (True, NOW + 60 * DAY)


def test_an_unknown_reason_is_cared_for_sooner():
    unknown = replace(LOST, reason=DefeatReason.UNKNOWN, defeated_at=NOW - 30 * DAY)
    known = replace(LOST, defeated_at=NOW - 30 * DAY)

    assert planned(replace(DUE, candidate=unknown))[0]
    assert planned(replace(DUE, candidate=known)) == (False, NOW + 60 * DAY)


@pytest.mark.parametrize(
    "lead",
    [
        replace(DUE, came_back=True),
        replace(DUE, greetings=2),
        replace(DUE, candidate=replace(LOST, attempts=3)),
    ],
)
def test_who_came_back_or_was_approached_often_enough_is_left_alone_for_good(lead):
    assert planned(lead) == (False, None)


def test_a_greeting_waits_out_the_cool_off_of_any_attempt():
    approached = replace(DUE, last_attempt_at=NOW - 10 * DAY, candidate=replace(LOST, attempts=1))

    assert planned(approached) == (False, NOW + 20 * DAY)
    assert planned(approached, at=NOW + 20 * DAY)[0]


def test_the_last_greeting_is_the_last():
    assert planned(replace(DUE, greetings=1, last_attempt_at=NOW - 60 * DAY)) == (True, None)
    assert planned(replace(DUE, candidate=replace(LOST, attempts=2))) == (True, None)


def test_where_nobody_is_greeted_the_turn_comes_again_later():
    assert planned(policy=replace(POLICY, care=CarePolicy(at_most=0))) == (False, NOW + 60 * DAY)


def test_greetings_go_out_in_the_months_that_are_named():
    policy = replace(POLICY, care=CarePolicy(months=(3, 9)))

    assert planned(policy=policy) == (False, datetime(2026, 3, 1, 1, tzinfo=UTC))
    assert planned(policy=policy, at=datetime(2026, 9, 20, tzinfo=UTC)) == (True, datetime(2027, 3, 1, 1, tzinfo=UTC))


@given(
    st.integers(0, 400),
    st.sets(st.integers(1, 12)),
    st.integers(0, 5),
    st.integers(0, 5),
    st.one_of(st.none(), st.integers(0, 200)),
)
def test_a_plan_looks_ahead_and_greets_only_in_season(days, months, attempts, greetings, rested):
    at = NOW + days * DAY
    policy = replace(POLICY, care=CarePolicy(months=tuple(sorted(months)), at_most=5), max_attempts=5)
    lead = Neglected(replace(LOST, attempts=attempts), None if rested is None else at - rested * DAY, greetings, False)

    greet, next_at = planned(lead, policy, at)

    assert next_at is None or next_at > at
    assert not greet or not months or at.astimezone(ZONE).month in months
    assert not greet or rested is None or rested >= policy.cool_off_days
    assert not greet or (attempts < 5 and greetings < 5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"every_days": 6},
        {"at_most": -1},
        {"at_most": 101},
        {"unknown_after_days": 0},
        {"lost_after_days": 10**9},
        {"fit": 41},
        {"months": (0,)},
        {"months": (13,)},
    ],
)
def test_care_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"care\."):
        CarePolicy(**wrong)
