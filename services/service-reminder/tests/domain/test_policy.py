from dataclasses import fields

import pytest
from service_reminder.domain.policy import CyclePolicy, PacePolicy, ReminderPolicy, StepPolicy, VisitPolicy
from service_reminder.domain.slots import Workshop

NUMBERS = [
    (kind, number.name)
    for kind in (PacePolicy, StepPolicy, CyclePolicy, VisitPolicy, Workshop)
    for number in fields(kind)
    if type(number.default) in (int, float)
]


def test_the_defaults_are_the_products():
    policy = ReminderPolicy()

    assert policy.pace.prior_km_per_day == 40
    assert (policy.steps.first_days_before, policy.steps.second_days_before, policy.steps.overdue_days_after) == (
        14,
        3,
        7,
    )
    assert policy.steps.together_days == 30
    assert (policy.visits.quote_tolerance_percent, policy.visits.most_km_per_day) == (5, 2_000)
    assert policy.zone.key == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (PacePolicy, {"prior_km_per_day": 0}),
        (PacePolicy, {"prior_margin": 2}),
        (PacePolicy, {"least_margin": -1}),
        (PacePolicy, {"least_readings": 1}),
        (PacePolicy, {"least_days": 0}),
        (PacePolicy, {"recent_days": 3}),
        (StepPolicy, {"first_days_before": 2}),
        (StepPolicy, {"overdue_days_after": 0}),
        (StepPolicy, {"together_days": -1}),
        (StepPolicy, {"from_hour": 24}),
        (CyclePolicy, {"lapses_after_days": -1}),
        (VisitPolicy, {"quote_tolerance_percent": -1}),
        (VisitPolicy, {"most_km_per_day": 0}),
        (ReminderPolicy, {"time_zone": "Mars/Olympus"}),
        (ReminderPolicy, {"time_zone": "../../etc/passwd"}),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(kind, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong)) if kind is not ReminderPolicy else "IANA"):
        kind(**wrong)


@pytest.mark.parametrize("value", [-1, 10**9, float("nan"), float("inf")])
@pytest.mark.parametrize(("kind", "number"), NUMBERS)
def test_every_number_has_bounds(kind, number, value):
    with pytest.raises(ValueError, match=number):
        kind(**{number: value})
