"""`status`: what waits in a service's database, and who is at work on it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from baoke_events.backlog import Backlog, backlog_of
from baoke_events.tables import SLOTS
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

KEYS_SHOWN = 50
"""Of each kind; the counts are of all."""

_RELAYS = text("""
SELECT owner::text, count(*) AS slots FROM relay_lease WHERE expires_at > now() GROUP BY owner ORDER BY owner
""")
_ASIDE = text("""
SELECT topic, key, count(*) AS events, extract(epoch FROM now() - min(quarantined_at))::float AS age_s,
       (array_agg(reason ORDER BY sequence))[1] AS error
FROM outbox_quarantine GROUP BY topic, key ORDER BY min(quarantined_at) LIMIT :at_most
""")
_PARKED = text("""
SELECT topic, key, count(*) AS events, extract(epoch FROM now() - min(parked_at))::float AS age_s,
       max(attempts) AS attempts, (array_agg(error ORDER BY id))[1] AS error
FROM parked_event GROUP BY topic, key ORDER BY min(id) LIMIT :at_most
""")
_COUNTS = text("""
SELECT (SELECT count(*) FROM inbox) AS inbox, (SELECT count(*) FROM stream_head) AS streams,
       (SELECT count(*) FROM discarded_event) AS discarded
""")

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Status:
    """A service's backlog at one moment."""

    service: str
    backlog: Backlog
    relays: Rows
    quarantined: Rows
    parked: Rows
    counts: Mapping[str, int]

    def as_json(self) -> str:
        """One JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def as_text(self) -> str:
        """For a person at a terminal."""
        backlog, slots = self.backlog, sum(relay["slots"] for relay in self.relays)
        owners = ", ".join(f"{relay['owner']} ({relay['slots']})" for relay in self.relays) or "nobody"
        lines = [
            self.service,
            f"  outbox      {_events(backlog.outbox_events, backlog.outbox_age_s)}",
            f"  slots       {slots} of {SLOTS} owned, by {owners}",
            f"  quarantine  {_events(backlog.quarantined_events, backlog.quarantined_age_s)}",
            *map(_of_key, self.quarantined),
            f"  parked      {_events(backlog.parked_events, backlog.parked_age_s)} of {backlog.parked_keys} keys",
            *map(_of_key, self.parked),
            f"  inbox       {self.counts['inbox']} events remembered",
            f"  streams     {self.counts['streams']} keys published",
            f"  discarded   {self.counts['discarded']} events",
        ]
        return "\n".join(lines)


async def status_of(session: AsyncSession, service: str) -> Status:
    """The service's backlog now; keys with what they wait for, the longest waiting first."""
    at_most = {"at_most": KEYS_SHOWN}
    return Status(
        service=service,
        backlog=await backlog_of(session),
        relays=[dict(row) for row in (await session.execute(_RELAYS)).mappings()],
        quarantined=[dict(row) for row in (await session.execute(_ASIDE, at_most)).mappings()],
        parked=[dict(row) for row in (await session.execute(_PARKED, at_most)).mappings()],
        counts=dict((await session.execute(_COUNTS)).mappings().one()),
    )


def _events(count: int, age_s: float) -> str:
    return f"{count} events, the oldest for {_duration(age_s)}" if count else "0 events"


def _of_key(row: Mapping[str, Any]) -> str:
    tries = f", tried {row['attempts']} times" if "attempts" in row else ""
    error = row["error"].splitlines()[0][:200] if row["error"] else ""
    return f"    {row['topic']} {row['key']}  {_events(row['events'], row['age_s'])}{tries}\n      {error}"


def _duration(seconds: float) -> str:
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
