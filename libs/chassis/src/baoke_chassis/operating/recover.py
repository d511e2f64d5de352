"""`recover`: after the restore of a backup, bring the service's database and Kafka together again.

Nothing of the service may run meanwhile: versions are dealt out from the database, and until they are raised it
would deal out some that Kafka has seen.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from baoke_events.event import Event
from baoke_events.recovering.log import read_up_to, records_since, rewind
from baoke_events.recovering.lost import DEAD_LETTERS, keep_lost, raise_heads, report, say_again
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_chassis.database import Database
from baoke_chassis.launch import open_kafka
from baoke_chassis.service import Service
from baoke_chassis.worker import consumer_of

_NOW = text("SELECT now()")
_OTHERS = text("""
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = :service AND pid <> pg_backend_pid()
""")


async def recover(service: Service, database: Database, *, since: datetime | None, to: Path | None) -> str:
    """Read what Kafka knows since the instant (None: all it keeps), go on from there, and say what is lost.

    `since` must lie before the backup by more than the consumer was behind then. `to` gets a JSON line for each
    event that is on the topics and cannot be said again.

    Raises:
        SystemExit: a process of the service is at work.
    """
    servers = service.settings.kafka_bootstrap_servers
    async with database.begin() as session:
        await _require_quiet(session, service.name)
        began: datetime = (await session.execute(_NOW)).scalar_one()
        async for records in records_since(servers, _own_topics(service), since):
            await keep_lost(session, service.name, records)
        await raise_heads(session)
    await _hear_again(service, database, since)
    async with database.begin() as session:
        await say_again(session)
        found = await report(session, since=began)
    if to is not None:
        lines = "".join(_line(event) for event in found if not event["said_again"])
        await asyncio.to_thread(to.write_text, lines)
    return _summary(found)


async def _require_quiet(session: AsyncSession, service: str) -> None:
    others = await session.scalar(_OTHERS, {"service": service})
    if others:
        raise SystemExit(f"Stop {service} first, its api and its workers: {others} connections of it are open.")


def _own_topics(service: Service) -> list[str]:
    """Where the service publishes: its events' topics, and the dead letters of those it hears."""
    own = {kind.topic for kind in Event.registry.values() if service.name in kind.publishers}
    heard = {topic + DEAD_LETTERS for topic in consumer_topics(service)}
    return sorted(own | heard)


def consumer_topics(service: Service) -> list[str]:
    """The topics the service hears."""
    return sorted({topic for part in service.subscriptions for topic in part.topics})


async def _hear_again(service: Service, database: Database, since: datetime | None) -> None:
    """Apply what was heard after the backup. The inbox drops what the backup knows, and no relay speaks meanwhile."""
    servers, topics = service.settings.kafka_bootstrap_servers, consumer_topics(service)
    ends = await rewind(servers, service.name, topics, since) if topics else {}
    if not ends:
        return
    transport = open_kafka(service)
    hearing = await transport.consume(service.name, topics, consumer_of(service, database).process)
    try:
        await read_up_to(servers, service.name, ends)
    finally:
        await hearing.stop()
        await transport.close()


def _summary(found: Sequence[Mapping[str, Any]]) -> str:
    again = Counter(event["type"] for event in found if event["said_again"])
    lost = Counter(event["type"] for event in found if not event["said_again"])
    lines = [f"{len(found)} events are on the topics that this database did not know."]
    lines += [f"{again.total()} of them follow from what was heard again and will be said under their old ids:"]
    lines += [f"  {count:6} {type_}" for type_, count in sorted(again.items())]
    lines += [f"{lost.total()} are lost: others heard them, and what was written with them is gone:"]
    lines += [f"  {count:6} {type_}" for type_, count in sorted(lost.items())]
    return "\n".join(lines)


def _line(event: Mapping[str, Any]) -> str:
    return json.dumps(dict(event) | {"occurred_at": str(event["occurred_at"])}) + "\n"
