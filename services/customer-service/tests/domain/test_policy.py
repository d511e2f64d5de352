"""Rules that could not be computed with cannot be had."""

from dataclasses import fields

import pytest
from customer_service.domain.churn import ChurnRules
from customer_service.domain.complaints import ComplaintRules
from customer_service.domain.odometer import OdometerRules
from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.segments import SegmentRules
from customer_service.domain.trade_in import TradeInRules

NUMBERS = [
    (rules, number.name)
    for rules in (ChurnRules, ComplaintRules, OdometerRules, SegmentRules, TradeInRules)
    for number in fields(rules)
]


@pytest.mark.parametrize("value", [-1, 0, 10**13])
@pytest.mark.parametrize(("rules", "number"), NUMBERS)
def test_every_number_of_the_rules_has_bounds(rules, number, value):
    with pytest.raises(ValueError, match=f"{number} is {value}, it has to be between 1 and"):
        rules(**{number: value})


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "Asia", "../../etc/passwd", "x" * 300, "A\0B"])
def test_a_time_zone_that_does_not_exist_is_refused(name):
    with pytest.raises(ValueError, match="is no time zone"):
        CustomerPolicy(time_zone=name)
