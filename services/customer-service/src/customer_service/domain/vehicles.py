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


class Ownership(NamedTuple):
    """Whose a vehicle is, since when, and what its odometer showed then."""

    customer_id: UUID
    store_id: UUID
    purchased_on: date
    purchase_km: int


class Vehicle(NamedTuple):
    """A vehicle, its present owner and its odometer.

    A tuple, because a batch of readings takes a thousand from their rows and changes them.
    """

    dealer_id: UUID
    vehicle_id: UUID
    customer_id: UUID | None
    """None while it is nobody's: its sale was undone, or it was given in payment. What is known of it stays."""
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
    def owner_id(self) -> UUID:
        """The customer whose it is; asked only of a vehicle that is somebody's."""
        if self.customer_id is None:
            raise ValueError(f"vehicle {self.vehicle_id} is nobody's")
        return self.customer_id

    @property
    def owner(self) -> Key:
        """The dealer and the customer."""
        return self.dealer_id, self.owner_id

    @property
    def ownership(self) -> Ownership | None:
        """Whose it is; None if it is nobody's."""
        if self.customer_id is None:
            return None
        return Ownership(self.customer_id, self.store_id, self.purchased_on, self.purchase_km)

    def owned(self, ownership: Ownership | None) -> "Vehicle":
        """Return it as somebody's, or as nobody's. Its odometer stands where it was read, or else at the purchase."""
        if ownership is None:
            return self._replace(customer_id=None)
        odometer_km = self.odometer_km if self.odometer_read_at else ownership.purchase_km
        return self._replace(**ownership._asdict(), odometer_km=odometer_km)
