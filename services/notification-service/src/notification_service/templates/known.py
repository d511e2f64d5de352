"""A journey needs an event that is heard here and words that exist."""

from collections.abc import Collection

from notification_service.domain.policy import NotificationPolicy
from notification_service.templates.catalogue import shipped_templates


def require_known(policy: NotificationPolicy, *, events: Collection[str]) -> None:
    """Return if every journey can be set off and has its words; `events` are the names that are heard.

    Raises:
        ValueError: naming the first journey that could never say anything.
    """
    templates = shipped_templates()
    for journey in policy.effective_journeys():
        if journey.event not in events:
            raise ValueError(f"journey {journey.name!r}: no event is called {journey.event!r} here")
        if journey.template not in templates:
            raise ValueError(f"journey {journey.name!r}: there is no template {journey.template!r}")
