"""Which event sets off which journey."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from notification_service.domain.journeys import Condition, JourneyChange, Occurrence, overtaken, set_off
from notification_service.domain.messages import Channel, MessageClass
from notification_service.domain.policy import NotificationPolicy
from notification_service.domain.shipped_journeys import SHIPPED_JOURNEYS

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


def occurrence(event: str, **data: Any) -> Occurrence:
    return Occurrence(UUID(int=1), event, UUID(int=2), UUID(int=3), AT, data)


def names(event: str, **data: Any) -> list[str]:
    return [planned.journey.name for planned in set_off(occurrence(event, **data), SHIPPED_JOURNEYS)]


@pytest.mark.parametrize(
    ("event", "data", "journeys"),
    [
        ("LeadDefeated", {"reason": "price"}, ["lead_care"]),
        ("LeadReactivated", {"strategy": "price_drop"}, ["reactivation_price_drop"]),
        ("LeadReactivated", {"strategy": "in_stock"}, ["reactivation_in_stock"]),
        ("LeadReactivated", {"strategy": "substitute"}, ["reactivation_substitute"]),
        ("LeadReactivated", {"strategy": "better_value"}, ["reactivation_better_value"]),
        ("LeadReactivated", {"strategy": "never_heard_of"}, []),
        ("VisitProgressed", {"stage": "diagnosed"}, []),
        ("VisitProgressed", {"stage": "quoted"}, ["visit_quoted"]),
        ("VisitProgressed", {"stage": "ready"}, ["visit_ready"]),
        ("ServiceCompleted", {}, ["service_thanks"]),
        ("PointsEarned", {"rule": "service"}, []),
        ("PointsEarned", {"rule": "referral"}, []),
        ("PointsEarned", {"rule": "purchase"}, ["points_earned"]),
        ("ReferralPaid", {"side": "referee"}, ["referral_paid"]),
        ("ReferralVoided", {}, []),
    ],
)
def test_an_event_sets_off_the_journeys_made_for_it(event: str, data: dict[str, str], journeys: list[str]) -> None:
    assert names(event, **data) == journeys


def test_journey_names_are_unique() -> None:
    every = [journey.name for journey in SHIPPED_JOURNEYS]

    assert len(every) == len(set(every))


def test_a_defeated_lead_is_greeted_three_days_later() -> None:
    (care,) = set_off(occurrence("LeadDefeated"), SHIPPED_JOURNEYS)

    assert care.due_at(now=AT) == AT + timedelta(days=3)


def test_an_event_that_comes_late_is_answered_at_once_and_not_in_the_past() -> None:
    (thanks,) = set_off(occurrence("ServiceCompleted"), SHIPPED_JOURNEYS)

    assert thanks.due_at(now=AT + timedelta(hours=5)) == AT + timedelta(hours=5)


def test_winning_the_lead_makes_a_waiting_greeting_pointless() -> None:
    assert "lead_care" in overtaken(occurrence("LeadWon"), SHIPPED_JOURNEYS)
    assert overtaken(occurrence("ServiceCompleted"), SHIPPED_JOURNEYS) == ()


def test_a_missing_field_is_the_empty_text() -> None:
    assert Condition("trim", ("",)).holds({})
    assert Condition("trim", ("",), negated=True).holds({"trim": "Max"})


def test_a_dealer_changes_one_number_of_a_shipped_journey_and_keeps_the_rest() -> None:
    policy = NotificationPolicy(journeys=(JourneyChange("lead_care", delay_s=0),))

    (care,) = [j for j in policy.effective_journeys() if j.name == "lead_care"]

    assert (care.delay_s, care.template, care.message_class) == (0, "lead_care", MessageClass.MARKETING)


def test_a_dealer_switches_a_journey_off() -> None:
    policy = NotificationPolicy(journeys=(JourneyChange("service_thanks", enabled=False),))

    assert set_off(occurrence("ServiceCompleted"), policy.effective_journeys()) == ()


def test_a_dealer_adds_a_journey() -> None:
    own = JourneyChange(
        "diagnosis_done",
        event="VisitProgressed",
        template="notice",
        message_class=MessageClass.TRANSACTIONAL,
        when=(Condition("stage", ("diagnosed",)),),
        channels=(Channel.EMAIL,),
    )

    (planned,) = set_off(
        occurrence("VisitProgressed", stage="diagnosed"), NotificationPolicy(journeys=(own,)).effective_journeys()
    )

    assert (planned.journey.name, planned.journey.priority) == ("diagnosis_done", 50)


def test_an_unshipped_journey_without_a_template_is_refused() -> None:
    with pytest.raises(ValueError, match="needs event, template and message_class"):
        NotificationPolicy(journeys=(JourneyChange("mine", event="LeadWon"),))


def test_a_journey_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice here: lead_care"):
        NotificationPolicy(journeys=(JourneyChange("lead_care"), JourneyChange("lead_care")))


@pytest.mark.parametrize("change", [{"cap_per_day": -1}, {"contact_wait_s": 3601}])
def test_numbers_out_of_bounds_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="is 0 to"):
        NotificationPolicy(**change)  # type: ignore[arg-type]
