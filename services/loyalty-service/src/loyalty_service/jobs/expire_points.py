"""Ends points whose life is over."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from loyalty_service.commands.expire_points import expire_points

BATCH = 500


async def run(database: Database, *, now: datetime) -> int:
    """End the oldest due lots."""
    async with database.begin() as session:
        return await expire_points(session, now=now, limit=BATCH)


job = Job(name="expire_points", every_s=60, run=run)
