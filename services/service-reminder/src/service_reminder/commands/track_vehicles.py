"""Take in what customer-service says of vehicles: registrations and accepted odometer readings, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.commands.remind_owners import remind_owners
from service_reminder.db import vehicles as db_vehicles
from service_reminder.db.vehicles import Tracked
from service_reminder.domain.odometer import Reading
from service_reminder.domain.vehicles import Registration, Vehicle, read, register


@dataclass(frozen=True, slots=True)
class TrackVehicle:
    """One thing heard of a vehicle: its registration, or a reading."""

    dealer_id: UUID
    vehicle_id: UUID
    heard: Registration | Reading
    origin: Origin


async def track_vehicles(session: AsyncSession, commands: Sequence[TrackVehicle], *, now: datetime) -> None:
    """Move the due dates of every vehicle heard of, and say what that makes due.

    A reading that comes before its vehicle's registration is kept. Four statements a batch, however many vehicles it
    holds; what was heard of one vehicle is taken together before anything is said of it.
    """
    vehicles = await db_vehicles.lock(session, {(c.dealer_id, c.vehicle_id) for c in commands})
    origins: dict[db_vehicles.Key, Origin] = {}
    for command in commands:
        key = (command.dealer_id, command.vehicle_id)
        vehicles[key] = _after(vehicles[key], command.heard)
        origins[key] = command.origin
    due = await remind_owners(session, [Tracked(vehicles[key], origins[key]) for key in sorted(origins)], now=now)
    await publish(session, due)


def _after(vehicle: Vehicle, heard: Registration | Reading) -> Vehicle:
    return read(vehicle, (heard,)) if isinstance(heard, Reading) else register(vehicle, heard)
