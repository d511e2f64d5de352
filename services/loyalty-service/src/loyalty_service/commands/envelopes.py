"""The envelope of what a command publishes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events.origin import Origin


def envelope(dealer_id: UUID, origin: Origin, now: datetime) -> dict[str, Any]:
    """Envelope fields of an event that belongs to the story of `origin`."""
    return {
        "dealer_id": dealer_id,
        "occurred_at": now,
        "causation_id": origin.causation_id,
        "correlation_id": origin.correlation_id,
        "traceparent": origin.traceparent,
    }
