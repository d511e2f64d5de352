"""Poison does not stop a partition: the event a handler refuses is set aside with all that follows of its key."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_events.envelope import Headers, Record, attribute
from baoke_events.outbox import MAX_EVENT_BYTES, headers_json, publish_records, storable
from baoke_events.statements import fetch

_NAMESPACE = UUID("6f1d7f0e-6d0b-5c58-8f0a-3a0c3b7f6d11")

_PARKED_KEYS = """
SELECT DISTINCT p.topic, p.key FROM parked_event p
JOIN unnest($2::text[], $3::text[]) AS k (topic, key) USING (topic, key)
WHERE p.consumer = $1
"""
_PARK = text("""
INSERT INTO parked_event (consumer, topic, key, event_id, headers, payload, error)
VALUES (:consumer, :topic, :key, :event_id, CAST(:headers AS jsonb), :payload, :error)
ON CONFLICT (consumer, event_id) DO UPDATE SET attempts = parked_event.attempts + 1, error = excluded.error
RETURNING attempts
""")
_KEYS = text("""
SELECT topic, key FROM parked_event
WHERE consumer = :consumer AND (CAST(:topic AS text) IS NULL OR topic = :topic)
  AND (CAST(:key AS text) IS NULL OR key = :key)
GROUP BY topic, key ORDER BY min(id)
""")
_OF_KEY = text("""
SELECT id, topic, key, headers, payload FROM parked_event
WHERE consumer = :consumer AND topic = :topic AND key = :key ORDER BY id FOR UPDATE
""")
_LOCK = text("""
SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name ORDER BY name
""")
_UNPARK = text("DELETE FROM parked_event WHERE id = ANY(CAST(:ids AS bigint[]))")


@dataclass(frozen=True, slots=True)
class Parked:
    """One event that waits for a replay."""

    id: int
    record: Record


def event_id_of(record: Record) -> UUID:
    """The record's event id; where it carries none, one that is always the same for the same record."""
    try:
        return UUID(attribute(record.headers, "id"))
    except (TypeError, ValueError):
        return uuid5(_NAMESPACE, f"{record.topic}/{record.key}/{record.value!r}")


async def parked_keys(session: AsyncSession, consumer: str, records: Sequence[Record]) -> set[tuple[str, str]]:
    """Which of the records' (topic, key) wait already."""
    pairs = sorted({(record.topic, record.key) for record in records})
    topics, keys = [topic for topic, _ in pairs], [key for _, key in pairs]
    return {(row["topic"], row["key"]) for row in await fetch(session, _PARKED_KEYS, consumer, topics, keys)}


async def lock_parked_keys(session: AsyncSession, consumer: str, records: Sequence[Record]) -> set[tuple[str, str]]:
    """The same, with a replay of these keys kept out until this transaction ends, or waited for."""
    await _lock(session, consumer, await parked_keys(session, consumer, records))
    return await parked_keys(session, consumer, records)


async def park(session: AsyncSession, consumer: str, record: Record, error: str) -> None:
    """Set the record aside and mirror it, once, to `<topic>.dlq` with the reason; without a value that is too large."""
    attempts = await session.scalar(
        _PARK,
        {
            "consumer": consumer,
            "topic": record.topic,
            "key": record.key,
            "event_id": event_id_of(record),
            "headers": headers_json(record),
            "payload": record.value,
            "error": storable(error[:2000]),
        },
    )
    if attempts == 1:
        reason = (("baoke_consumer", consumer.encode()), ("baoke_error", error[:500].encode()))
        headers = tuple(h for h in record.headers if h[0] != "ce_sequence") + reason
        value = record.value if len(record.value or b"") <= MAX_EVENT_BYTES else None
        mirror = Record(f"{record.topic}.dlq", record.key, headers, value)
        await publish_records(session, [(event_id_of(record), mirror)])


async def keys_waiting(
    session: AsyncSession, consumer: str, *, topic: str | None, key: str | None
) -> list[tuple[str, str]]:
    """The (topic, key) pairs that wait, the longest waiting first."""
    rows = await session.execute(_KEYS, {"consumer": consumer, "topic": topic, "key": key})
    return [(row.topic, row.key) for row in rows]


async def waiting_of(session: AsyncSession, consumer: str, topic: str, key: str) -> list[Parked]:
    """What waits of one key, in order. Nobody parks behind it until this transaction ends."""
    await _lock(session, consumer, {(topic, key)})
    rows = await session.execute(_OF_KEY, {"consumer": consumer, "topic": topic, "key": key})
    return [Parked(row.id, Record(row.topic, row.key, _headers(row.headers), row.payload)) for row in rows]


async def _lock(session: AsyncSession, consumer: str, keys: Collection[tuple[str, str]]) -> None:
    if keys:
        await session.execute(_LOCK, {"names": [f"parked/{consumer}/{topic}/{key}" for topic, key in sorted(keys)]})


async def unpark(session: AsyncSession, parked: Sequence[Parked]) -> None:
    """Forget events that have had their effect."""
    await session.execute(_UNPARK, {"ids": [item.id for item in parked]})


def _headers(stored: dict[str, str]) -> Headers:
    return tuple((name, value.encode()) for name, value in stored.items())
