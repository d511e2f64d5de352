from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.calendar import Shift, Weekday, WorkingCalendar
from lead_service.domain.capture import open_lead
from lead_service.domain.escalation import Escalation, escalate
from lead_service.domain.follow_up import ContactOutcome, follow_up
from lead_service.domain.grade import Grade
from lead_service.domain.lead import close, reopen
from lead_service.domain.overdue import escalate_follow_up, escalate_response
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.response import answered_in_time
from lead_service.domain.source import Channel, Source
from lead_service.domain.stage import Stage
from lead_service.domain.working import WorkingPolicy

EVERY_DAY = WorkingCalendar(shifts=dict.fromkeys(Weekday, (Shift(time(9), time(18)),)))
BY_DAY = LeadPolicy(working=WorkingPolicy(calendar=EVERY_DAY))


@pytest.mark.parametrize(("channel", "minutes"), [(Channel.SHOWROOM, 3), (Channel.WEBSITE, 30), (Channel.DOUYIN, 30)])
def test_a_lead_is_answered_within_its_channels_time(inquiry, now, channel, minutes):
    lead = open_lead(inquiry(source=Source(channel, channel)), LeadPolicy(), at=now)

    assert lead.respond_by == now + timedelta(minutes=minutes)
    assert lead.response_escalation == Escalation(0, lead.respond_by)


def test_a_lead_that_comes_at_night_is_answered_in_the_morning(inquiry):
    ten_in_the_evening = datetime(2026, 1, 5, 14, tzinfo=UTC)

    lead = open_lead(inquiry(), BY_DAY, at=ten_in_the_evening)

    assert lead.respond_by == datetime(2026, 1, 6, 1, 30, tzinfo=UTC)


def test_a_store_with_a_calendar_of_its_own_goes_by_it(inquiry, store_id, now):
    policy = LeadPolicy(working=WorkingPolicy(store_calendars={store_id: EVERY_DAY}))
    at_night = datetime(2026, 1, 5, 14, tzinfo=UTC)

    assert open_lead(inquiry(), policy, at=at_night).respond_by > at_night + timedelta(hours=10)
    other = inquiry(store_id=inquiry().lead_id)
    assert open_lead(other, policy, at=at_night).respond_by == at_night + timedelta(minutes=30)


@pytest.mark.parametrize(("after_minutes", "in_time"), [(0, True), (30, True), (31, False)])
def test_the_first_contact_is_the_answer_and_later_ones_are_not(inquiry, now, after_minutes, in_time):
    lead = open_lead(inquiry(), LeadPolicy(), at=now)
    at = now + timedelta(minutes=after_minutes)

    answered = tried(lead, LeadPolicy(), at)
    again = tried(answered, LeadPolicy(), at + timedelta(hours=1))

    assert (answered_in_time(answered), answered.response_minutes) == (in_time, after_minutes)
    assert answered.response_escalation.next_at is None
    assert (again.responded_at, again.response_minutes) == (at, after_minutes)
    assert answered_in_time(lead) is None


def test_minutes_to_the_answer_are_working_minutes(inquiry):
    evening, next_morning = datetime(2026, 1, 5, 9, 50, tzinfo=UTC), datetime(2026, 1, 6, 1, 15, tzinfo=UTC)

    lead = tried(open_lead(inquiry(), BY_DAY, at=evening), BY_DAY, next_morning)

    assert (lead.response_minutes, answered_in_time(lead)) == (25, True)


def test_a_follow_up_never_falls_due_in_closed_time(inquiry):
    eight_in_the_evening = datetime(2026, 1, 5, 12, tzinfo=UTC)

    lead = open_lead(inquiry(grade=Grade.A), BY_DAY, at=eight_in_the_evening)

    assert lead.next_contact_at == datetime(2026, 1, 7, 2, tzinfo=UTC)


@given(st.integers(0, 5_000), st.lists(st.integers(0, 2_000), min_size=1, max_size=9, unique=True).map(sorted))
def test_an_escalation_reaches_each_level_at_its_time(passed, levels):
    due_at = datetime(2026, 1, 5, 3, tzinfo=UTC)

    found = escalate(Escalation(), due_at, levels, WorkingCalendar(), at=due_at + timedelta(minutes=passed))

    assert found.level == sum(level <= passed for level in levels)
    following = levels[found.level] if found.level < len(levels) else None
    assert found.next_at == (None if following is None else due_at + timedelta(minutes=following))


def test_nobody_is_called_late_while_the_store_is_closed(inquiry):
    captured_at = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    lead = open_lead(inquiry(), BY_DAY, at=captured_at)

    at_night = escalate_response(lead, BY_DAY, at=captured_at + timedelta(hours=6))
    in_the_morning = escalate_response(at_night, BY_DAY, at=datetime(2026, 1, 6, 1, tzinfo=UTC))

    assert at_night.response_escalation == Escalation(0, datetime(2026, 1, 6, 1, tzinfo=UTC))
    assert in_the_morning.response_escalation == Escalation(1, datetime(2026, 1, 6, 1, 30, tzinfo=UTC))


def test_a_contact_is_missed_once_and_reported_further_up(lead, now):
    owned = replace(lead, advisor_id=UUID(int=1))

    first = escalate_follow_up(owned, LeadPolicy(), at=lead.next_contact_at)
    second = escalate_follow_up(first, LeadPolicy(), at=lead.next_contact_at + timedelta(hours=4))

    assert (first.follow_up_missed, first.missed_follow_ups, first.follow_up_escalation.level) == (True, 1, 1)
    assert (second.missed_follow_ups, second.follow_up_escalation.level) == (1, 2)


def test_a_level_that_was_reported_is_not_taken_back():
    due_at = datetime(2026, 1, 5, 3, tzinfo=UTC)

    assert escalate(Escalation(2, due_at), due_at, (0, 600, 900), WorkingCalendar(), at=due_at).level == 2


def test_a_closed_lead_has_no_clocks(lead, now):
    closed = close(lead, Stage.WON, at=now)

    assert (closed.response_escalation.next_at, closed.follow_up_escalation.next_at) == (None, None)
    assert (closed.ranked_at, closed.due_at, closed.awaits_response) == (None, None, False)


@pytest.mark.parametrize(("after_minutes", "counts"), [(5, False), (45, True)])
def test_a_lead_that_is_reopened_awaits_no_answer_and_was_owed_one_if_it_was_late_when_it_was_lost(
    lead, now, after_minutes, counts
):
    lost = close(lead, Stage.DEFEATED, at=now + timedelta(minutes=after_minutes))

    worked = reopen(lost, Stage.CONTACTED, due_at=now + timedelta(days=60))
    contacted = tried(worked, LeadPolicy(), now + timedelta(days=60))

    assert (worked.awaits_response, worked.due_at) == (False, now + timedelta(days=60))
    assert (worked.respond_by is not None, contacted.responded_at, contacted.response_minutes) == (counts, None, None)


def test_a_holiday_that_is_entered_since_puts_the_answer_off(inquiry):
    evening, next_morning = datetime(2026, 1, 5, 9, 50, tzinfo=UTC), datetime(2026, 1, 6, 1, 30, tzinfo=UTC)
    lead = open_lead(inquiry(), BY_DAY, at=evening)
    closed = LeadPolicy(working=WorkingPolicy(calendar=replace(EVERY_DAY, holidays=(date(2026, 1, 6),))))

    looked_at = escalate_response(lead, closed, at=next_morning)
    answered = tried(lead, closed, datetime(2026, 1, 7, 1, 15, tzinfo=UTC))

    assert looked_at.response_escalation == Escalation(0, looked_at.respond_by)
    assert looked_at.respond_by == datetime(2026, 1, 7, 1, 20, tzinfo=UTC)
    assert (answered.response_minutes, answered_in_time(answered)) == (25, True)


def test_whose_lead_it_was_when_it_was_first_overdue_is_answerable_whoever_answers(lead, now):
    neglecter, helper = UUID(int=1), UUID(int=2)
    overdue = escalate_response(replace(lead, advisor_id=neglecter), LeadPolicy(), at=now + timedelta(minutes=31))

    helped = tried(replace(overdue, advisor_id=helper), LeadPolicy(), now + timedelta(minutes=40))
    in_time = tried(replace(lead, advisor_id=helper), LeadPolicy(), now + timedelta(minutes=4))

    assert (helped.answerable_id, in_time.answerable_id) == (neglecter, helper)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"respond_within_minutes": {Channel.PHONE: 0}}, "due within 1 to"),
        ({"respond_otherwise_within_minutes": 10**9}, "due within 1 to"),
        ({"response_escalation_minutes": ()}, "between 1 and 9 levels"),
        ({"response_escalation_minutes": tuple(range(10))}, "between 1 and 9 levels"),
        ({"follow_up_escalation_minutes": (30, 0)}, "rise from level to level"),
        ({"follow_up_escalation_minutes": (0, 0)}, "rise from level to level"),
        ({"follow_up_escalation_minutes": (-1,)}, "lie between 0 and"),
        ({"furthest_contact_days": {Grade.H: 3}}, "say nothing of a, b, c"),
        ({"furthest_contact_days": dict.fromkeys(Grade, 0)}, "lie between 1 and 365"),
        ({"due_after_opening_minutes": -1}, "due_after_opening_minutes lies between"),
        ({"timeliness_target_percent": 101}, "timeliness_target_percent lies between"),
        ({"comparison_report_every_days": 0}, "comparison_report_every_days lies between"),
    ],
)
def test_rules_of_working_have_bounds(wrong, why):
    with pytest.raises(ValueError, match=why):
        WorkingPolicy(**wrong)


def tried(lead, policy, at):
    return follow_up(lead, ContactOutcome.NO_ANSWER, next_contact_at=None, note=None, policy=policy, at=at)
