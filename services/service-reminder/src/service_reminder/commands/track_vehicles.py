"""Take in what customer-service says of vehicles: registrations and accepted odometer readings, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.origin import Origin
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db import vehicles as db_vehicles
from service_reminder.db.vehicles import Tracked
from service_reminder.domain.odometer import Reading
from service_reminder.domain.reminders import SETTLES_IN
from service_reminder.domain.vehicles import Registration, Vehicle, read, register


@dataclass(frozen=True, slots=True)
class TrackVehicle:
    """One thing heard of a vehicle: its registration, or a reading."""

    dealer_id: UUID
    vehicle_id: UUID
    heard: Registration | Reading
    origin: Origin


async def track_vehicles(session: AsyncSession, commands: Sequence[TrackVehicle], *, now: datetime) -> None:
    """Take in what was heard of every vehicle, and look at each again once this burst of news has settled.

    A reading that comes before its vehicle's registration is kept. Three statements a batch, however many vehicles it
    holds. Nothing is said here: a history that arrives in parts would project, and remind, on its first part.
    """
    tracked = await db_vehicles.lock(session, {(c.dealer_id, c.vehicle_id) for c in commands})
    for command in commands:
        known = tracked[command.dealer_id, command.vehicle_id]
        tracked[command.dealer_id, command.vehicle_id] = Tracked(
            _after(known.vehicle, command.heard), command.origin, now + SETTLES_IN
        )
    await db_vehicles.save(session, list(tracked.values()))


def _after(vehicle: Vehicle, heard: Registration | Reading) -> Vehicle:
    return read(vehicle, (heard,)) if isinstance(heard, Reading) else register(vehicle, heard)
