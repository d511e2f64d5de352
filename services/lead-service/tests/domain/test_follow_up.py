from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from lead_service.domain.calendar import Shift, Weekday, WorkingCalendar
from lead_service.domain.errors import LeadClosed, NextContactInThePast, NextContactTooFar, PostponedWithoutReason
from lead_service.domain.follow_up import ContactOutcome, follow_up
from lead_service.domain.grade import Grade
from lead_service.domain.lead import close
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.stage import Stage
from lead_service.domain.working import WorkingPolicy


@pytest.fixture
def followed(now):
    def followed_(lead, outcome=ContactOutcome.REACHED, **changes):
        given = {
            "next_contact_at": None,
            "note": None,
            "policy": LeadPolicy(),
            "at": now,
            **changes,
        }
        return follow_up(lead, outcome, **given)

    return followed_


@pytest.mark.parametrize("outcome", ContactOutcome)
def test_a_new_lead_is_contacted_once_its_person_is_reached(lead, followed, outcome):
    unheard = dict.fromkeys((ContactOutcome.NO_ANSWER, ContactOutcome.WRONG_NUMBER), Stage.NEW)
    stages = {**unheard, ContactOutcome.APPOINTMENT_MADE: Stage.APPOINTED}

    assert followed(lead, outcome).stage is stages.get(outcome, Stage.CONTACTED)


def test_a_lead_further_along_stays_there(lead, followed):
    negotiating = replace(lead, stage=Stage.NEGOTIATING)

    assert followed(negotiating).stage is Stage.NEGOTIATING


def test_the_grades_clock_starts_anew_and_a_missed_date_is_history(lead, followed, now):
    missed = replace(lead, grade=Grade.C, next_contact_at=now - timedelta(days=2), follow_up_missed=True)

    after = followed(missed)

    assert (after.next_contact_at, after.follow_up_missed) == (now + timedelta(days=7), False)


def test_a_date_that_has_passed_is_no_next_contact(lead, followed, now):
    with pytest.raises(NextContactInThePast):
        followed(lead, next_contact_at=now)


def test_a_date_is_chosen_within_the_policy_and_with_a_reason_where_it_is_later_than_the_clock(lead, followed, now):
    clock_at, furthest = now + timedelta(days=3), now + timedelta(days=14)

    assert followed(lead, next_contact_at=clock_at).next_contact_at == clock_at
    assert followed(lead, next_contact_at=furthest, note="出差").next_contact_at == furthest
    with pytest.raises(NextContactTooFar):
        followed(lead, next_contact_at=furthest + timedelta(seconds=1), note="出差")
    with pytest.raises(PostponedWithoutReason):
        followed(lead, next_contact_at=clock_at + timedelta(seconds=1))


def test_a_date_in_closed_time_is_due_a_while_after_the_store_opens(lead, followed):
    nine_to_six = WorkingCalendar("UTC", shifts=dict.fromkeys(Weekday, (Shift(time(9), time(18)),)))
    policy = LeadPolicy(working=WorkingPolicy(calendar=nine_to_six))
    at_night, in_the_morning = (datetime(2026, 1, 7, hour, tzinfo=UTC) for hour in (3, 10))

    assert followed(lead, next_contact_at=at_night, policy=policy).next_contact_at == in_the_morning


@pytest.mark.parametrize("stage", [Stage.WON, Stage.DEFEATED])
def test_a_closed_lead_is_owed_nothing_and_takes_no_contact(lead, followed, now, stage):
    closed = close(lead, stage, at=now)

    assert (closed.next_contact_at, closed.closed_at) == (None, now)
    with pytest.raises(LeadClosed):
        followed(closed)
    with pytest.raises(LeadClosed):
        close(closed, Stage.DEFEATED, at=now)
