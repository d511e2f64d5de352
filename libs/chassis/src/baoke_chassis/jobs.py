"""What the clock starts: jobs that claim due rows in batches, so that cost follows what is due."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from baoke_events.ids import uuid7
from baoke_events.origin import correlated
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_chassis.clock import utc_now
from baoke_chassis.database import Database
from baoke_chassis.job_runs import job_run

log = logging.getLogger(__name__)

BACK_OFF_AT_MOST_S = 30.0


class Work(Protocol):
    """One step of a job: claims a batch of due rows, handles it, and returns how many there were."""

    def __call__(self, database: Database, *, now: datetime) -> Awaitable[int]:
        """Handle what is due at `now`."""


class Command(Protocol):
    """A use case that the clock starts: handles a batch of due rows, and returns how many there were."""

    def __call__(self, session: AsyncSession, *, now: datetime) -> Awaitable[int]:
        """Handle what is due at `now`, inside the caller's transaction."""


def in_one_transaction(command: Command) -> Work:
    """The step that runs the command once, in a transaction of its own."""

    async def step(database: Database, *, now: datetime) -> int:
        async with database.begin() as session:
            return await command(session, now=now)

    return step


@dataclass(frozen=True, slots=True)
class Job:
    """Runs `run` every `every_s` seconds, and again at once while it finds work."""

    name: str
    every_s: float
    run: Work


async def keep_running(job: Job, database: Database, stopping: asyncio.Event) -> None:
    """Run the job until stopped. A failed step is logged and tried again, ever more patiently."""
    failures = 0
    while not stopping.is_set():
        try:
            with correlated(uuid7()), job_run(database.service, job.name) as run:
                handled = run.handled = await job.run(database, now=utc_now())
            failures = 0
        except Exception:
            log.warning("job %s failed", job.name, exc_info=True)
            handled, failures = 0, failures + 1
        if not handled:
            pause_s = min(job.every_s * 2**failures, max(BACK_OFF_AT_MOST_S, job.every_s))
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause_s)
