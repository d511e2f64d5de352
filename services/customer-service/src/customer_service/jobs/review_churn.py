"""Customers who stay away: warnings that time alone brings or changes."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from customer_service.commands.decide_churn import review_due_churn

BATCH = 1_000


async def run(database: Database, *, now: datetime) -> int:
    """Decide anew the warnings that are due, one batch, and return how many these were."""
    async with database.begin() as session:
        return await review_due_churn(session, now=now, limit=BATCH)


review_churn = Job("review churn", every_s=60, run=run)
