from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.advisor import Advisor, Skills, Standing
from lead_service.domain.assignment import AssignmentPolicy, assign, hand_over, miss, recycle, spread
from lead_service.domain.calendar import DAY, Shift, Weekday, WorkingCalendar
from lead_service.domain.capture import Inquiry, open_lead
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.interest import Interest
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel, Source

NOW = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)


def test_of_several_the_one_with_the_least_load_for_what_they_can_take_is_chosen(lead, store_id):
    busy, roomy = _standing(lead, 1, open_leads=5, capacity=10), _standing(lead, 2, open_leads=8, capacity=40)

    assert assign([lead], [busy, roomy], at=NOW) == {lead.id: roomy.advisor.id}


def test_of_those_with_the_same_load_the_one_who_waited_longest_is_chosen(lead):
    lately = replace(_standing(lead, 1), last_assigned_at=NOW - timedelta(hours=1))
    long_ago = replace(_standing(lead, 2), last_assigned_at=NOW - timedelta(days=1))
    never = _standing(lead, 3)

    assert assign([lead], [lately, long_ago], at=NOW) == {lead.id: long_ago.advisor.id}
    assert assign([lead], [lately, long_ago, never], at=NOW) == {lead.id: never.advisor.id}


@pytest.mark.parametrize(
    "skills",
    [
        Skills(makes=frozenset({"NIO"})),
        Skills(models=frozenset({"Han"})),
        Skills(channels=frozenset({Channel.DOUYIN})),
        Skills(languages=frozenset({"en"})),
    ],
)
def test_who_serves_something_else_gets_no_lead(lead, skills):
    assert assign([lead], [_standing(lead, 1, skills=skills)], at=NOW) == {}


def test_skills_are_compared_however_they_are_written(lead):
    skills = Skills(
        frozenset({"ｂｙｄ"}), frozenset({"S E A L"}), frozenset({Channel.WEBSITE}), frozenset({"zh", "en"})
    )

    assert assign([lead], [_standing(lead, 1, skills=skills)], at=NOW) == {lead.id: UUID(int=1)}


@pytest.mark.parametrize(
    "changes",
    [
        {"is_active": False},
        {"away_until": NOW + timedelta(minutes=1)},
        {"store_id": UUID(int=7)},
        {"dealer_id": UUID(int=7)},
        {"capacity": 0},
    ],
)
def test_who_is_not_here_or_has_no_room_gets_no_lead(lead, changes):
    standing = _standing(lead, 1)

    assert assign([lead], [replace(standing, advisor=replace(standing.advisor, **changes))], at=NOW) == {}


def test_who_is_back_gets_leads_again(lead):
    standing = _standing(lead, 1)

    assert assign([lead], [replace(standing, advisor=replace(standing.advisor, away_until=NOW))], at=NOW)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=6), st.integers(0, 30))
def test_nobody_gets_more_than_they_can_take_and_no_lead_waits_while_there_is_room(sizes, count):
    lead = _lead()
    roster = [
        _standing(lead, n, open_leads=min(load, capacity), capacity=capacity)
        for n, (load, capacity) in enumerate(sizes, 1)
    ]
    leads = [replace(lead, id=UUID(int=1000 + n)) for n in range(count)]
    room = sum(standing.advisor.capacity - standing.open_leads for standing in roster)

    given_ = assign(leads, roster, at=NOW)

    assert len(given_) == min(count, room)
    for standing in roster:
        own = sum(advisor_id == standing.advisor.id for advisor_id in given_.values())
        assert standing.open_leads + own <= standing.advisor.capacity


@given(st.integers(1, 5), st.integers(0, 40))
def test_leads_that_a_manager_spreads_all_go_somewhere_and_evenly(advisors, count):
    lead = _lead()
    leads = [replace(lead, id=UUID(int=1000 + n)) for n in range(count)]

    given_ = spread(leads, [_standing(lead, n, capacity=3) for n in range(1, advisors + 1)], at=NOW)

    shares = [sum(value == UUID(int=n) for value in given_.values()) for n in range(1, advisors + 1)]
    assert sum(shares) == count
    assert max(shares) - min(shares) <= 1


def test_leads_that_a_manager_spreads_stay_in_their_stores():
    here, there = _lead(), replace(_lead(), id=UUID(int=2000), store_id=UUID(int=7))

    assert spread([here, there], [_standing(here, 1), _standing(here, 2)], at=NOW).keys() == {here.id}


def test_a_miss_says_when_the_advisor_loses_the_lead(lead):
    owned = replace(lead, advisor_id=UUID(int=1), next_contact_at=NOW)
    policy = AssignmentPolicy(neglected_after_days=5, neglected_after_missed=2)

    once = miss(owned, policy, WorkingCalendar(), at=NOW)
    twice = miss(replace(once, follow_up_missed=False), policy, WorkingCalendar(), at=NOW + DAY)

    assert (once.missed_follow_ups, once.neglected_at) == (1, NOW + 5 * DAY)
    assert (twice.missed_follow_ups, twice.neglected_at) == (2, NOW + DAY)


def test_a_miss_in_the_pool_is_held_against_nobody(lead):
    missed = miss(lead, AssignmentPolicy(), WorkingCalendar(), at=NOW)

    assert (missed.follow_up_missed, missed.missed_follow_ups, missed.neglected_at) == (True, 0, None)


def test_days_on_which_the_store_is_closed_are_no_neglect(lead):
    owned = replace(lead, advisor_id=UUID(int=1), next_contact_at=NOW)
    week = {day: (Shift(time(9), time(18)),) for day in Weekday if day is not Weekday.SUNDAY}
    holidays = tuple(NOW.date() + number * DAY for number in range(1, 5))
    closed = WorkingCalendar("UTC", shifts=week, holidays=holidays)

    missed = miss(owned, AssignmentPolicy(neglected_after_days=2), closed, at=NOW)

    assert missed.neglected_at == NOW + 7 * DAY


def test_a_rule_that_is_off_takes_no_lead(lead):
    owned = replace(lead, advisor_id=UUID(int=1), next_contact_at=NOW)
    policy = AssignmentPolicy(neglected_after_days=0, neglected_after_missed=0)

    assert miss(owned, policy, WorkingCalendar(), at=NOW + 9 * DAY).neglected_at is None


def test_who_takes_a_neglected_lead_over_starts_anew(lead):
    neglected = miss(
        replace(lead, advisor_id=UUID(int=1), next_contact_at=NOW), AssignmentPolicy(), WorkingCalendar(), at=NOW
    )

    handed = hand_over(neglected, UUID(int=2), due=NOW + DAY, at=NOW)

    assert (handed.advisor_id, handed.next_contact_at) == (UUID(int=2), NOW + DAY)
    assert (handed.missed_follow_ups, handed.neglected_at, handed.follow_up_missed) == (0, None, False)


def test_a_contact_that_is_not_due_yet_stays_when_a_lead_changes_hands(lead):
    handed = hand_over(replace(lead, next_contact_at=NOW + 3 * DAY), UUID(int=2), due=NOW + DAY, at=NOW)

    assert handed.next_contact_at == NOW + 3 * DAY


def test_no_advisor_loses_more_in_a_day_than_the_policy_says(lead):
    leads = [replace(lead, id=UUID(int=n), advisor_id=UUID(int=1)) for n in range(5)]
    policy = AssignmentPolicy(most_returned_a_day=3)

    returned, left = recycle(leads, {(lead.dealer_id, UUID(int=1)): 1}, lambda _: policy, at=NOW)

    assert [each.id for each in returned] == [UUID(int=0), UUID(int=1)]
    assert {each.neglected_at for each in left} == {NOW + DAY}


@pytest.mark.parametrize(
    "wrong",
    [
        {"neglected_after_days": -1},
        {"neglected_after_days": 366},
        {"neglected_after_missed": 101},
        {"most_returned_a_day": -1},
        {"claim_back_after_days": 366},
    ],
)
def test_a_policy_outside_its_bounds_is_none(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        AssignmentPolicy(**wrong)


def _standing(lead, number, *, open_leads=0, capacity=10, skills=None):
    advisor = Advisor(
        lead.dealer_id, UUID(int=number), lead.store_id, f"顾问{number}", skills or Skills(), capacity=capacity
    )
    return Standing(advisor, open_leads)


def _lead():
    inquiry = Inquiry(
        UUID(int=1),
        UUID(int=2),
        UUID(int=3),
        UUID(int=4),
        Source(Channel.WEBSITE, "website"),
        Contact("李娜", Phone("+8613800138000")),
        Interest("BYD", "Seal"),
    )
    return open_lead(inquiry, LeadPolicy(), at=NOW)
