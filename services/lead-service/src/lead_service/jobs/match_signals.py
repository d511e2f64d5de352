"""Matches what market signals have come in."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from lead_service.commands.match_signals import match_next_signal


async def match_signals(database: Database, *, now: datetime) -> int:
    """One batch of one signal is matched and committed."""
    async with database.begin() as session:
        return await match_next_signal(session, now=now)


job = Job(name="match-signals", every_s=0.5, run=match_signals)
