"""A customer's vehicle and what its odometer is believed to show."""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from customer_service.domain.customers import Key


class Powertrain(StrEnum):
    """What drives the vehicle."""

    PETROL = "petrol"
    DIESEL = "diesel"
    HYBRID = "hybrid"
    ELECTRIC = "electric"


class Vehicle(NamedTuple):
    """A vehicle, its present owner and its odometer.

    A tuple, because a batch of readings takes a thousand from their rows and changes them.
    """

    dealer_id: UUID
    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID
    vin: str
    plate: str | None
    make: str
    model: str
    trim: str | None
    powertrain: str
    purchased_on: date
    purchase_km: int
    """The odometer at purchase; 0 says nothing."""
    odometer_km: int
    odometer_read_at: datetime | None
    """When the latest accepted reading was taken; None before the first."""
    trade_in_year: int | None
    """The model year for which the vehicle was last found worth a trade-in offer."""
    registered_at: datetime

    @property
    def key(self) -> Key:
        """The dealer and the vehicle."""
        return self.dealer_id, self.vehicle_id

    @property
    def owner(self) -> Key:
        """The dealer and the customer."""
        return self.dealer_id, self.customer_id
