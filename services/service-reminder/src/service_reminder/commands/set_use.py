"""Say how hard a vehicle is used."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.commands.remind_owners import remind_owners
from service_reminder.db import vehicles as db_vehicles
from service_reminder.db.vehicles import Tracked
from service_reminder.domain.errors import VehicleNotFound


async def set_use(session: AsyncSession, dealer_id: UUID, vehicle_id: UUID, *, severe: bool, now: datetime) -> None:
    """Move the vehicle's due dates to the intervals of severe, or ordinary, use.

    Raises:
        VehicleNotFound: the dealer has no such vehicle.
    """
    vehicle = await db_vehicles.lock_registered(session, dealer_id, vehicle_id)
    if vehicle is None:
        raise VehicleNotFound(vehicle_id)
    tracked = Tracked(replace(vehicle, severe_use=severe), Origin.now())
    await publish(session, await remind_owners(session, [tracked], now=now))
