"""When a complaint is taken a level up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from customer_service.domain.complaints import Complaint, ComplaintRules, Topic, escalated, escalates_at

RULES = ComplaintRules()
OPENED = datetime(2026, 6, 1, tzinfo=UTC)
ID = UUID("0199d3a0-0000-7000-8000-000000000001")
COMPLAINT = Complaint(
    dealer_id=ID,
    complaint_id=ID,
    customer_id=ID,
    store_id=ID,
    vehicle_id=None,
    topic=Topic.PRICE,
    description=None,
    opened_at=OPENED,
    callback_due_at=OPENED + timedelta(hours=24),
    called_back_at=None,
    callback_note=None,
    resolved_at=None,
    resolution=None,
    level=0,
)


@pytest.mark.parametrize(("level", "after_h"), [(0, 4), (1, 24), (2, 72)])
def test_nobody_acts_and_it_goes_up_level_by_level(level, after_h):
    complaint, due_at = replace(COMPLAINT, level=level), OPENED + timedelta(hours=after_h)

    assert escalates_at(complaint, RULES) == due_at
    assert escalated(complaint, RULES, now=due_at).level == level + 1
    assert escalated(complaint, RULES, now=due_at - timedelta(seconds=1)) is complaint


def test_there_is_nothing_above_the_third_level():
    assert escalates_at(replace(COMPLAINT, level=3), RULES) is None


def test_a_callback_spares_the_levels_that_wait_for_one():
    called = replace(COMPLAINT, called_back_at=OPENED + timedelta(hours=1))

    assert escalates_at(called, RULES) == OPENED + timedelta(hours=72)
    assert escalated(called, RULES, now=OPENED + timedelta(hours=80)).level == 3


def test_a_settled_complaint_stays_where_it_is():
    settled = replace(COMPLAINT, resolved_at=OPENED)

    assert escalates_at(settled, RULES) is None
    assert escalated(settled, RULES, now=OPENED + timedelta(days=9)) is settled
