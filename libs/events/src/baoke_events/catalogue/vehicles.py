"""`baoke.vehicles`: vehicles and their odometers. Key: the vehicle."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, Field

from baoke_events.event import Event, Km, Text, Word


class VehicleEvent(Event, topic="baoke.vehicles", key="vehicle_id", publishers=("customer-service",)):
    """What every fact about a vehicle says."""

    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID


class VehicleRegistered(VehicleEvent, type="baoke.vehicle.registered.v1"):
    """A customer's vehicle is known."""

    vin: Text
    make: Text
    model: Text
    trim: Text | None = None
    powertrain: Word
    """petrol, diesel, hybrid or electric."""
    purchased_on: date
    odometer_km: Km = 0
    lead_id: UUID | None = None
    sale: int = Field(default=1, ge=1)
    """Which sale of that lead made it the customer's."""


class VehicleReturned(VehicleEvent, type="baoke.vehicle.returned.v1"):
    """The sale of the vehicle was undone: it is not this customer's any more."""

    vin: Text
    make: Text
    model: Text
    lead_id: UUID
    sale: int = Field(ge=1)
    """Which sale of that lead was undone."""
    reason: Word


class VehicleDisposed(VehicleEvent, type="baoke.vehicle.disposed.v1"):
    """The customer gave the vehicle away: it is nobody's until it is registered again."""

    vin: Text
    make: Text
    model: Text
    reason: Word
    """traded_in: given in part payment (置换). Where that sale is undone, a registration says whose it is again."""
    lead_id: UUID | None = None
    """With `sale`: what it was given in payment of."""
    sale: int | None = Field(default=None, ge=1)


class MileageUpdated(VehicleEvent, type="baoke.vehicle.mileage_updated.v1"):
    """A plausible reading was accepted. Never goes back within a vehicle."""

    km: Km
    read_at: AwareDatetime
    reading_source: Word
    """telematics, workshop, owner or inspection."""
