"""Reports contacts that fell due and were not made."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from lead_service.commands import report_missed_follow_ups as command


async def report_missed_follow_ups(database: Database, *, now: datetime) -> int:
    """One batch of overdue leads is reported and committed."""
    async with database.begin() as session:
        return await command.report_missed_follow_ups(session, now=now)


job = Job(name="report-missed-follow-ups", every_s=30, run=report_missed_follow_ups)
