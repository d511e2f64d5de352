"""Complaints that waited too long for a callback or a settlement."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from customer_service.commands.answer_complaints import escalate_due_complaints

BATCH = 500


async def run(database: Database, *, now: datetime) -> int:
    """Take the complaints that are due one level up, one batch, and return how many these were."""
    async with database.begin() as session:
        return await escalate_due_complaints(session, now=now, limit=BATCH)


escalate_complaints = Job("escalate complaints", every_s=30, run=run)
