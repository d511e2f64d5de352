"""Segments that time alone changes: a new customer grows old, a visit leaves the window."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from customer_service.commands.review_segments import review_due_segments

BATCH = 1_000


async def run(database: Database, *, now: datetime) -> int:
    """Decide anew the segments that are due, one batch, and return how many these were."""
    async with database.begin() as session:
        return await review_due_segments(session, now=now, limit=BATCH)


review_segments = Job("review segments", every_s=60, run=run)
