"""Greets lost leads on schedule."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from lead_service.commands.greet_lost_leads import GreetingFailed, greet_lost_leads, put_off_greetings


async def greet_or_put_off(database: Database, *, now: datetime) -> int:
    """A batch of leads is greeted; those of a dealer for which that fails are put off, and the failure is the job's."""
    try:
        async with database.begin() as session:
            return await greet_lost_leads(session, now=now)
    except GreetingFailed as failed:
        async with database.begin() as session:
            await put_off_greetings(session, failed.dealer_id, failed.lead_ids, now=now)
        raise


job = Job(name="greet-lost-leads", every_s=60, run=greet_or_put_off)
