"""What waits in a service's database: events to leave, events set aside, events parked."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_BACKLOG = text("""
SELECT * FROM
  (SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float FROM outbox)
    AS o (outbox_events, outbox_age_s),
  (SELECT count(*), coalesce(extract(epoch FROM now() - min(quarantined_at)), 0)::float FROM outbox_quarantine)
    AS q (quarantined_events, quarantined_age_s),
  (SELECT count(*), count(DISTINCT (topic, key)), coalesce(extract(epoch FROM now() - min(parked_at)), 0)::float
   FROM parked_event) AS p (parked_events, parked_keys, parked_age_s)
""")


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits, and for how long: ages are those of the oldest, in seconds, 0 where nothing waits."""

    outbox_events: int
    outbox_age_s: float
    quarantined_events: int
    quarantined_age_s: float
    parked_events: int
    parked_keys: int
    parked_age_s: float


async def backlog_of(session: AsyncSession) -> Backlog:
    """The backlog at this moment, in one statement."""
    return Backlog(*(await session.execute(_BACKLOG)).one())
