"""What is known of the car a lead bought. Three topics tell a part each, in any order."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Purchase:
    """A part of what is known, or all of it."""

    dealer_id: UUID
    lead_id: UUID
    won_event_id: UUID | None = None
    won_at: datetime | None = None
    vin: str | None = None
    customer_id: UUID | None = None
    """Who the lead became."""
    vehicle_registered: bool = False


def merged(one: Purchase, other: Purchase) -> Purchase:
    """What both know of the same lead's purchase."""
    return Purchase(
        one.dealer_id,
        one.lead_id,
        one.won_event_id or other.won_event_id,
        one.won_at or other.won_at,
        one.vin or other.vin,
        one.customer_id or other.customer_id,
        vehicle_registered=one.vehicle_registered or other.vehicle_registered,
    )
