from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from lead_service.domain.grade import Grade
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import ReactivationPolicy
from lead_service.domain.rules import MatchingRule, Strategy
from lead_service.domain.source import Channel


def test_a_store_is_found_by_any_of_its_names_in_any_spelling():
    policy = LeadPolicy(stores={"SH-01": UUID(int=1), "保客上海店": UUID(int=2)})

    assert policy.store_of("sh-01", "保客上海店") == UUID(int=1)
    assert policy.store_of("unknown", "保客 上海店") == UUID(int=2)
    assert policy.store_of(None, "unknown") is None


def test_a_sender_is_a_channel_where_its_name_is_one_and_other_elsewhere():
    policy = LeadPolicy()

    assert policy.channel_of("汽车之家") is policy.channel_of("AutoHome") is Channel.AUTOHOME
    assert policy.channel_of("cars.example", None) is Channel.OTHER


def test_the_dealers_day_is_not_the_day_in_greenwich():
    assert LeadPolicy().today(datetime(2026, 1, 5, 17, tzinfo=UTC)) == date(2026, 1, 6)


@pytest.mark.parametrize(
    ("asked_at", "until"),
    [
        (datetime(2026, 1, 5, 2, tzinfo=UTC), datetime(2026, 1, 5, 16, tzinfo=UTC)),
        (datetime(2026, 1, 5, 15, 45, tzinfo=UTC), datetime(2026, 1, 5, 17, 45, tzinfo=UTC)),
    ],
)
def test_a_worklist_ends_with_the_day_and_late_in_the_evening_a_while_after_it(asked_at, until):
    assert LeadPolicy().worklist_until(asked_at) == until


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Moon/Sea"},
        {"time_zone": "Asia"},
        {"time_zone": "x" * 300},
        {"contact_within_days": {Grade.A: 1}},
        {"contact_within_days": dict.fromkeys(Grade, 0)},
        {"contact_within_days": dict.fromkeys(Grade, 10**9)},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"is no time zone|says nothing of b, c, h|between 1 and 365"):
        LeadPolicy(**wrong)


@pytest.mark.parametrize("value", [-1, 10**9])
@pytest.mark.parametrize(
    "number",
    ["cool_off_days", "max_attempts", "hold_out_percent", "recency_points", "recency_days", "points_off_per_attempt"],
)
def test_every_number_of_reactivation_has_bounds(number, value):
    with pytest.raises(ValueError, match=f"{number} lies between"):
        ReactivationPolicy(**{number: value})


@pytest.mark.parametrize("value", [-1, 10**9])
def test_a_grade_gives_no_more_points_than_a_priority_has(value):
    with pytest.raises(ValueError, match="grade_points lie between 0 and 100"):
        ReactivationPolicy(grade_points=dict.fromkeys(Grade, value))


@pytest.mark.parametrize("value", [-1, 10**9])
@pytest.mark.parametrize("number", ["fit", "older_than_days"])
def test_every_number_of_a_matching_rule_has_bounds(number, value):
    with pytest.raises(ValueError, match="fit lies between 0 and 40, older_than_days between 0 and 3650"):
        MatchingRule(**{"signals": (), "strategy": Strategy.CARE, "fit": 1, number: value})


@pytest.mark.parametrize("value", [0, 100, -1])
def test_a_rule_for_similar_cars_is_not_for_the_same(value):
    with pytest.raises(ValueError, match="least_similarity lies between 1 and 99"):
        MatchingRule((), Strategy.SUBSTITUTE, 40, least_similarity=value)


@pytest.mark.parametrize("value", [-1, 10**9])
@pytest.mark.parametrize("number", ["opportunity_days", "other_trim_similarity", "price_band_percent"])
def test_every_number_of_what_is_offered_has_bounds(number, value):
    with pytest.raises(ValueError, match=f"{number} lies between"):
        ReactivationPolicy(**{number: value})
