"""Winning a lead."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Powertrain(StrEnum):
    """What drives the car."""

    PETROL = "petrol"
    DIESEL = "diesel"
    HYBRID = "hybrid"
    ELECTRIC = "electric"


@dataclass(frozen=True, slots=True)
class Sale:
    """The car that was bought. `odometer_km` is what it showed at hand-over."""

    vin: str
    make: str
    model: str
    trim: str | None
    powertrain: Powertrain
    price_cents: int
    odometer_km: int
    sold_at: datetime
