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
    sale: int = 1
    """Which sale of the lead the event and the VIN are of: one that was undone may be followed by another."""
    registered_sale: int = 1
    """The newest sale whose vehicle was registered."""
    cancelled_sale: int = 0
    """The newest sale that was undone."""

    @property
    def is_sold(self) -> bool:
        """Whether the newest sale holds."""
        return self.won_event_id is not None and self.sale > self.cancelled_sale


def merged(one: Purchase, other: Purchase) -> Purchase:
    """What both know of the same lead's purchase. Of two sales the newer one counts, and of one what was told first."""
    sold = one if _tells(one) >= _tells(other) else other
    return Purchase(
        one.dealer_id,
        one.lead_id,
        sold.won_event_id,
        sold.won_at,
        sold.vin,
        one.customer_id or other.customer_id,
        vehicle_registered=one.vehicle_registered or other.vehicle_registered,
        sale=sold.sale,
        registered_sale=max(one.registered_sale, other.registered_sale),
        cancelled_sale=max(one.cancelled_sale, other.cancelled_sale),
    )


def _tells(part: Purchase) -> int:
    """The sale that a part tells of; 0 if it tells of none."""
    return part.sale if part.won_event_id else 0
