"""What a dealer group may change about messages."""

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from typing import Any

from notification_service.domain.journeys import Journey, JourneyChange
from notification_service.domain.quiet_hours import QuietHours
from notification_service.domain.shipped_journeys import SHIPPED_JOURNEYS

MAX_CAP = 100
MAX_CONTACT_WAIT_S = 3600


@dataclass(frozen=True, slots=True)
class NotificationPolicy:
    """Defaults are the product's.

    Raises:
        ValueError: a number is out of bounds, or a journey of the dealer's own is incomplete or named twice.
    """

    cap_per_day: int = 3
    """Marketing and service messages together, per person and calendar day in the person's time zone."""
    quiet_hours: QuietHours | None = field(default_factory=QuietHours)
    """When marketing and service messages wait for the morning; null sends them at any hour."""
    contact_wait_s: int = 60
    """How long a message waits for a party's contact before it is given up as no_contact."""
    signature: str = "保客"
    """The sender's name as customers know it; SMS begin with it in 【】."""
    journeys: tuple[JourneyChange, ...] = ()
    """Changes of the shipped journeys, by name, and journeys of the dealer's own."""

    def __post_init__(self) -> None:
        if not 0 <= self.cap_per_day <= MAX_CAP:
            raise ValueError(f"cap_per_day is 0 to {MAX_CAP}")
        if not 0 <= self.contact_wait_s <= MAX_CONTACT_WAIT_S:
            raise ValueError(f"contact_wait_s is 0 to {MAX_CONTACT_WAIT_S}")
        twice = [name for name, times in Counter(j.name for j in self.journeys).items() if times > 1]
        if twice:
            raise ValueError(f"journeys are named once each; twice here: {', '.join(twice)}")
        self.effective_journeys()

    def effective_journeys(self) -> tuple[Journey, ...]:
        """The shipped journeys with this dealer's changes, then the dealer's own."""
        changes = {change.name: change for change in self.journeys}
        shipped = tuple(changed(j, changes.pop(j.name, None)) for j in SHIPPED_JOURNEYS)
        return (*shipped, *(own_journey(change) for change in changes.values()))


def changed(journey: Journey, change: JourneyChange | None) -> Journey:
    """The journey with what the change says; the rest as it was."""
    return journey if change is None else replace(journey, **_said(change))


def own_journey(change: JourneyChange) -> Journey:
    """A journey that is not shipped.

    Raises:
        ValueError: it lacks an event, a template or a class.
    """
    if change.event is None or change.template is None or change.message_class is None:
        raise ValueError(f"journey {change.name!r} is not a shipped one, so it needs event, template and message_class")
    return Journey(**_said(change))


def _said(change: JourneyChange) -> dict[str, Any]:
    return {f.name: value for f in fields(change) if (value := getattr(change, f.name)) is not None}
