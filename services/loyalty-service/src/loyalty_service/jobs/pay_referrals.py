"""Pays referrals whose hold is over."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from loyalty_service.commands.pay_referrals import pay_referrals

BATCH = 200


async def run(database: Database, *, now: datetime) -> int:
    """Settle the referrals that are due longest."""
    async with database.begin() as session:
        return await pay_referrals(session, now=now, limit=BATCH)


job = Job(name="pay_referrals", every_s=60, run=run)
