"""Vehicles as they cross the wire."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from baoke_chassis.fields import Km
from pydantic import ConfigDict

from customer_service.api.fields import Day, Plate, Term, Vin
from customer_service.domain.vehicles import Powertrain


class VehicleIn(Body):
    """A vehicle of a customer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "vin": "LSVAU218XN2183294",
                    "plate": "沪A12345",
                    "make": "Volkswagen",
                    "model": "Passat",
                    "powertrain": "petrol",
                    "purchased_on": "2024-03-15",
                    "odometer_km": 12,
                }
            ]
        }
    )

    vin: Vin
    """17 signs. The check digit must be right for Chinese and American makers; for others a wrong one is a warning."""
    plate: Plate | None = None
    make: Term
    model: Term
    trim: Term | None = None
    powertrain: Powertrain
    purchased_on: Day
    odometer_km: Km = 0
    """At purchase. Readings after it must not be lower; 0 says nothing."""


class VehicleRegisteredOut(Reply):
    """The vehicle, and whether it is new."""

    vehicle_id: UUID
    outcome: Literal["created", "exists"]
    warnings: list[str]


class VehicleOut(Reply):
    """A vehicle and its odometer."""

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
    odometer_km: int
    """The accepted odometer; at purchase, while no reading is accepted."""
    odometer_read_at: datetime | None
    registered_at: datetime
