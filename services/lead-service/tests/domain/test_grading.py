from dataclasses import replace
from datetime import timedelta

import pytest
from lead_service.domain.errors import ContactOverdue, LeadClosed, NextContactInThePast, NextContactTooFar
from lead_service.domain.grade import Grade
from lead_service.domain.grading import regrade, reschedule
from lead_service.domain.lead import close
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.stage import Stage

POLICY = LeadPolicy()


@pytest.mark.parametrize(("grade", "days"), [(Grade.H, 1), (Grade.A, 1), (Grade.C, 7)])
def test_another_grade_starts_its_clock(lead, now, grade, days):
    later = now + timedelta(hours=5)

    graded = regrade(lead, grade, POLICY, at=later)

    assert (graded.grade, graded.next_contact_at) == (grade, later + timedelta(days=days))


def test_the_same_grade_changes_nothing(lead, now):
    assert regrade(lead, Grade.B, POLICY, at=now + timedelta(hours=1)) == lead


def test_to_grade_is_not_to_be_in_touch(lead, now):
    late = replace(lead, next_contact_at=now - timedelta(hours=1), follow_up_missed=True)

    assert regrade(late, Grade.C, POLICY, at=now) == replace(late, grade=Grade.C)


def test_a_contact_is_put_off_within_the_policy(lead, now):
    to = now + timedelta(days=14)

    assert reschedule(lead, to, POLICY, at=now).next_contact_at == to


@pytest.mark.parametrize(
    ("days", "refusal"), [(0, NextContactInThePast), (-1, NextContactInThePast), (14.01, NextContactTooFar)]
)
def test_a_date_outside_the_bounds_is_refused(lead, now, days, refusal):
    with pytest.raises(refusal):
        reschedule(lead, now + timedelta(days=days), POLICY, at=now)


def test_what_is_overdue_is_made_not_moved(lead, now):
    with pytest.raises(ContactOverdue):
        reschedule(replace(lead, next_contact_at=now), now + timedelta(days=1), POLICY, at=now)


def test_a_closed_lead_is_neither_graded_nor_moved(lead, now):
    closed = close(lead, Stage.DEFEATED, at=now)

    with pytest.raises(LeadClosed):
        regrade(closed, Grade.H, POLICY, at=now)
    with pytest.raises(LeadClosed):
        reschedule(closed, now + timedelta(days=1), POLICY, at=now)
