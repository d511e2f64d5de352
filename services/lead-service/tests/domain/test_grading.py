from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from lead_service.domain.calendar import DAY, Shift, Weekday, WorkingCalendar
from lead_service.domain.errors import ContactOverdue, LeadClosed, NextContactInThePast, NextContactTooFar
from lead_service.domain.grade import Grade
from lead_service.domain.grading import regrade, reschedule
from lead_service.domain.lead import close
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.stage import Stage
from lead_service.domain.working import WorkingPolicy

POLICY = LeadPolicy()


@pytest.mark.parametrize(("grade", "days"), [(Grade.H, 1), (Grade.A, 1), (Grade.C, 7)])
def test_another_grade_starts_its_clock(lead, now, grade, days):
    later = now + timedelta(hours=5)

    graded = regrade(lead, grade, POLICY, since=now, at=later)

    assert (graded.grade, graded.next_contact_at) == (grade, later + timedelta(days=days))


def test_the_same_grade_changes_nothing(lead, now):
    assert regrade(lead, Grade.B, POLICY, since=now, at=now + timedelta(hours=1)) == lead


def test_to_grade_is_not_to_be_in_touch(lead, now):
    late = replace(lead, next_contact_at=now - timedelta(hours=1), follow_up_missed=True)

    assert regrade(late, Grade.C, POLICY, since=now, at=now) == replace(late, grade=Grade.C)


def test_a_contact_is_put_off_within_the_policy(lead, now):
    to = now + timedelta(days=14)

    assert reschedule(lead, to, POLICY, since=now, at=now).next_contact_at == to


@pytest.mark.parametrize(
    ("days", "refusal"), [(0, NextContactInThePast), (-1, NextContactInThePast), (14.01, NextContactTooFar)]
)
def test_a_date_outside_the_bounds_is_refused(lead, now, days, refusal):
    with pytest.raises(refusal):
        reschedule(lead, now + timedelta(days=days), POLICY, since=now, at=now)


def test_however_often_a_contact_is_moved_the_lead_waits_no_longer_since_the_last_one(lead, now):
    moved = reschedule(lead, now + timedelta(days=14), POLICY, since=now, at=now)
    later = now + timedelta(days=13)

    with pytest.raises(NextContactTooFar):
        reschedule(moved, now + timedelta(days=15), POLICY, since=now, at=later)
    assert reschedule(moved, now + timedelta(days=13.5), POLICY, since=now, at=later).next_contact_at < now + 14 * DAY


def test_grading_back_and_forth_puts_no_contact_off_beyond_the_policy(lead, now):
    at, graded = now, lead
    while graded.next_contact_at > at:
        at = graded.next_contact_at - timedelta(hours=1)
        graded = regrade(graded, Grade.C if graded.grade is Grade.B else Grade.B, POLICY, since=now, at=at)
        at += timedelta(hours=1)

    assert graded.next_contact_at <= now + 60 * DAY


def test_a_contact_that_is_moved_into_closed_time_is_due_after_the_store_opens(lead, now):
    nine_to_six = WorkingCalendar("UTC", shifts=dict.fromkeys(Weekday, (Shift(time(9), time(18)),)))
    policy = LeadPolicy(working=WorkingPolicy(calendar=nine_to_six))

    moved = reschedule(lead, datetime(2026, 1, 9, 22, tzinfo=UTC), policy, since=now, at=now)

    assert moved.next_contact_at == datetime(2026, 1, 10, 10, tzinfo=UTC)


def test_what_is_overdue_is_made_not_moved(lead, now):
    with pytest.raises(ContactOverdue):
        reschedule(replace(lead, next_contact_at=now), now + timedelta(days=1), POLICY, since=now, at=now)


def test_a_closed_lead_is_neither_graded_nor_moved(lead, now):
    closed = close(lead, Stage.DEFEATED, at=now)

    with pytest.raises(LeadClosed):
        regrade(closed, Grade.H, POLICY, since=now, at=now)
    with pytest.raises(LeadClosed):
        reschedule(closed, now + timedelta(days=1), POLICY, since=now, at=now)
