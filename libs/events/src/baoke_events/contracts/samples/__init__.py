"""One golden sample per event type: realistic, complete (every optional field is filled), and always the same."""

from baoke_events.contracts.samples import (
    contacts,
    customers,
    lead_endings,
    leads,
    loyalty,
    messages,
    services,
    vehicles,
)
from baoke_events.event import Event

_STORY: tuple[Event, ...] = (
    *leads.SAMPLES,
    *lead_endings.SAMPLES,
    *contacts.SAMPLES,
    *customers.SAMPLES,
    *vehicles.SAMPLES,
    *services.SAMPLES,
    *loyalty.SAMPLES,
    *messages.SAMPLES,
)

SAMPLES: dict[str, Event] = {event.type: event for event in _STORY}
"""The sample of each event type, by type."""
