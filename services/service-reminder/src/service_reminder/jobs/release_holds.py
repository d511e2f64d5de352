"""Slots that were held and never booked."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from service_reminder.commands.release_holds import release_holds

_BATCH = 500


async def _release(database: Database, *, now: datetime) -> int:
    async with database.begin() as session:
        return await release_holds(session, now=now, limit=_BATCH)


job = Job("release_holds", 1.0, _release)
