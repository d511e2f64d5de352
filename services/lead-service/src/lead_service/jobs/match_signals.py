"""Matches what market signals have come in."""

from datetime import datetime

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job

from lead_service.commands.match_signals import MatchingFailed, match_next_signal, put_off_signal


async def match_or_put_off(database: Database, *, now: datetime) -> int:
    """The next batch is matched; a signal for which that fails is put off, and the failure is the job's."""
    try:
        async with database.begin() as session:
            return await match_next_signal(session, now=now)
    except MatchingFailed as failed:
        async with database.begin() as session:
            await put_off_signal(session, failed.dealer_id, failed.signal_id, now=now)
        raise


job = Job(name="match-signals", every_s=0.5, run=match_or_put_off)
