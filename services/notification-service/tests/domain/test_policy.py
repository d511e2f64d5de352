"""Rules that could stop the sender of all dealers cannot be had."""

from datetime import UTC, time

import pytest
from notification_service.domain.journeys import JourneyChange
from notification_service.domain.policy import NotificationPolicy
from notification_service.domain.quiet_hours import QuietHours


@pytest.mark.parametrize("value", [-1, 10**9])
@pytest.mark.parametrize("number", ["cap_per_day", "contact_wait_s"])
def test_every_number_has_bounds(number: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{number} is 0 to"):
        NotificationPolicy(**{number: value})


@pytest.mark.parametrize("value", [-1, 10**9])
@pytest.mark.parametrize("number", ["priority", "delay_s"])
def test_every_number_of_a_journey_has_bounds(number: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"'lead_care': {number} is 0 to"):
        NotificationPolicy(journeys=(JourneyChange("lead_care", **{number: value}),))


@pytest.mark.parametrize("bound", [(time(21, tzinfo=UTC), time(8)), (time(21), time(8, tzinfo=UTC))])
def test_quiet_hours_have_no_zone_of_their_own(bound: tuple[time, time]) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        QuietHours(*bound)
