"""How often a provider is asked again."""

from datetime import timedelta
from itertools import count, takewhile

from notification_service.domain.retries import pause_after


def test_a_provider_is_asked_again_at_growing_intervals_and_then_no_more() -> None:
    pauses = list(takewhile(lambda pause: pause is not None, map(pause_after, count(1))))

    assert pauses == sorted(pauses)  # type: ignore[type-var]
    assert pauses[0] == timedelta(seconds=5)
    assert len(pauses) == 4
