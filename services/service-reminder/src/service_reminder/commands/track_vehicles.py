"""Take in what customer-service says of vehicles: whose they are, and accepted odometer readings, in any order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.origin import Origin
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.commands.change_appointment import cancel_others_appointments
from service_reminder.db import heard as db_heard
from service_reminder.db import vehicles as db_vehicles
from service_reminder.db.heard import Heard
from service_reminder.db.vehicles import Key, Tracked
from service_reminder.domain.odometer import Reading
from service_reminder.domain.reminders import SETTLES_IN
from service_reminder.domain.vehicles import Registration, Return, give_back, register

MOST_WAITING = 100
"""Readings that may wait in a vehicle's row; 27 of them are worth keeping, and all are written anew with each."""


@dataclass(frozen=True, slots=True)
class TrackVehicle:
    """One thing heard of a vehicle: its registration, its return, or a reading."""

    dealer_id: UUID
    vehicle_id: UUID
    heard: Registration | Return | Reading
    origin: Origin


async def track_vehicles(session: AsyncSession, commands: Sequence[TrackVehicle], *, now: datetime) -> None:
    """Take in what was heard of every vehicle, and look at each again once this burst of news has settled.

    A reading that comes before its vehicle's registration is kept. A batch of readings is one statement, however many
    vehicles it holds, and reads none of them. Nothing is said here: a history that arrives in parts would project, and
    remind, on its first part.
    """
    readings: dict[Key, list[Reading]] = {}
    ownership: dict[Key, list[Registration | Return]] = {}
    origins: dict[Key, Origin] = {}
    for command in commands:
        key = command.dealer_id, command.vehicle_id
        origins[key] = command.origin
        if isinstance(command.heard, Reading):
            readings.setdefault(key, []).append(command.heard)
        else:
            ownership.setdefault(key, []).append(command.heard)
    await _own(session, ownership, origins, now=now)
    await _hear(session, [Heard(*key, of_vehicle, origins[key]) for key, of_vehicle in readings.items()], now=now)


async def _own(
    session: AsyncSession,
    ownership: Mapping[Key, Sequence[Registration | Return]],
    origins: Mapping[Key, Origin],
    *,
    now: datetime,
) -> None:
    if not ownership:
        return
    after: list[Tracked] = []
    for key, known in (await db_vehicles.lock(session, ownership)).items():
        vehicle = known.vehicle
        for told in ownership[key]:
            vehicle = give_back(vehicle, told) if isinstance(told, Return) else register(vehicle, told)
        after.append(Tracked(vehicle, origins[key], now + SETTLES_IN, known.unsettled_since or now))
    await db_vehicles.save(session, after)
    await cancel_others_appointments(session, after, now=now)


async def _hear(session: AsyncSession, news: Sequence[Heard], *, now: datetime) -> None:
    """Let the readings wait in their vehicles' rows, and take them in where too many do."""
    if news:
        crowded = await db_heard.add(session, news, now=now, most=MOST_WAITING)
        if crowded:
            await db_vehicles.save(session, list((await db_vehicles.lock(session, crowded)).values()))
