"""Who is about to leave, and when to look again."""

from datetime import UTC, datetime, timedelta

import pytest
from customer_service.domain.churn import (
    Attachment,
    ChurnRules,
    ChurnWarning,
    Reason,
    Strategy,
    next_look_at,
    warning_of,
)
from hypothesis import given
from hypothesis import strategies as st

RULES = ChurnRules()
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


LONG_AGO = days_ago(1_000)
COMPLAINT = Reason.UNRESOLVED_COMPLAINT
CASES = [
    (Attachment(LONG_AGO), None),
    (Attachment(LONG_AGO, (days_ago(60),), complaint_since=days_ago(1)), ChurnWarning((COMPLAINT,), Strategy.RETAIN)),
    (Attachment(LONG_AGO, (days_ago(59),), complaint_since=days_ago(1)), None),
    (Attachment(days_ago(61), (), complaint_since=days_ago(60)), ChurnWarning((COMPLAINT,), Strategy.RETAIN)),
    (Attachment(LONG_AGO, (days_ago(149), days_ago(249))), None),
    (Attachment(LONG_AGO, (days_ago(150), days_ago(250))), ChurnWarning((Reason.OVERDUE_VISIT,), Strategy.KEEP)),
    (Attachment(LONG_AGO, (days_ago(250), days_ago(350))), ChurnWarning((Reason.OVERDUE_VISIT,), Strategy.WIN_BACK)),
    (Attachment(LONG_AGO, (days_ago(44), days_ago(45))), None),
    (Attachment(LONG_AGO, (days_ago(45), days_ago(46))), ChurnWarning((Reason.OVERDUE_VISIT,), Strategy.KEEP)),
    (Attachment(LONG_AGO, (days_ago(500),)), None),
    (Attachment(LONG_AGO, first_service_missed_at=days_ago(13)), None),
    (
        Attachment(LONG_AGO, first_service_missed_at=days_ago(14)),
        ChurnWarning((Reason.FIRST_SERVICE_MISSED,), Strategy.KEEP),
    ),
]


@pytest.mark.parametrize(("attachment", "warning"), CASES)
def test_the_warning_names_its_reasons_and_one_strategy(attachment, warning):
    assert warning_of(attachment, RULES, now=NOW) == warning


ages = st.floats(0, 900).map(days_ago)


@given(
    st.builds(
        Attachment,
        since=ages,
        visits=st.lists(ages, max_size=5).map(lambda visits: tuple(sorted(visits, reverse=True))),
        complaint_since=st.none() | ages,
        first_service_missed_at=st.none() | ages,
    ),
    st.floats(0.001, 0.999),
)
def test_until_the_next_look_time_alone_changes_nothing(attachment, part):
    until = next_look_at(attachment, RULES, now=NOW) or NOW + timedelta(days=3_000)
    later = NOW + (until - NOW) * part

    assert warning_of(attachment, RULES, now=later) == warning_of(attachment, RULES, now=NOW)
