"""Odometer readings as they come in, and what becomes of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from customer_service.domain.chain import Point
from customer_service.domain.customers import Key
from customer_service.domain.odometer import Reason

Identity = tuple[UUID, UUID, datetime, int, str]
"""Dealer, vehicle, time, km and source: two readings that share it are one."""


class Reading(NamedTuple):
    """What somebody read off a vehicle's odometer.

    A tuple, because a batch makes, groups and looks up thousands of them.
    """

    dealer_id: UUID
    vehicle_id: UUID
    read_at: datetime
    km: int
    source: str
    causation_id: UUID | None = None
    """The event that reported it, where one did."""

    @property
    def vehicle(self) -> Key:
        """The dealer and the vehicle."""
        return self[:2]

    @property
    def identity(self) -> Identity:
        """What tells this reading from others."""
        return self[:5]

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
