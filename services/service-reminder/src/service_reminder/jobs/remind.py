"""Reminders whose day has come, and vehicles whose plan has changed."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from service_reminder.commands.remind_due_vehicles import remind_due_vehicles
from service_reminder.commands.replan_vehicles import replan_vehicles

_BATCH = 500


async def _remind(database: Database, *, now: datetime) -> int:
    async with database.begin() as session:
        return await remind_due_vehicles(session, now=now, limit=_BATCH)


async def _replan(database: Database, *, now: datetime) -> int:
    async with database.begin() as session:
        return await replan_vehicles(session, now=now, limit=_BATCH)


jobs = (Job("remind_due_vehicles", 0.2, _remind), Job("replan_vehicles", 2.0, _replan))
