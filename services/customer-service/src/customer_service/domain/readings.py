"""Odometer readings as they come in, and what becomes of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from customer_service.domain.chain import Point
from customer_service.domain.customers import Key
from customer_service.domain.odometer import Reason

Identity = tuple[UUID, UUID, datetime, int, str]
"""Dealer, vehicle, time, km and source: two readings that share it are one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody read off a vehicle's odometer."""

    dealer_id: UUID
    vehicle_id: UUID
    km: int
    read_at: datetime
    source: str
    causation_id: UUID | None = None
    """The event that reported it, where one did."""

    @property
    def vehicle(self) -> Key:
        """The dealer and the vehicle."""
        return self.dealer_id, self.vehicle_id

    @property
    def identity(self) -> Identity:
        """What tells this reading from others."""
        return self.dealer_id, self.vehicle_id, self.read_at, self.km, self.source

    @property
    def point(self) -> Point:
        """What is judged."""
        return Point(self.read_at, self.km)


class Status(StrEnum):
    """What became of a reading."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    QUARANTINED = "quarantined"
    UNKNOWN_VEHICLE = "unknown_vehicle"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a reading, and why if it was quarantined."""

    status: Status
    reason: Reason | None = None
