"""Looks again at tiers that may have lapsed."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from loyalty_service.commands.assess_tiers import review_tiers

BATCH = 500


async def run(database: Database, *, now: datetime) -> int:
    """Review the members whose look is due longest."""
    async with database.begin() as session:
        return await review_tiers(session, now=now, limit=BATCH)


job = Job(name="review_tiers", every_s=600, run=run)
