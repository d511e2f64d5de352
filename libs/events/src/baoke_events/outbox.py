"""Facts leave from the same commit as the state they describe.

`publish` gives each event the next version of its key. The row that counts them stays locked until
the caller's commit, so two transactions that speak about one key cannot interleave: an earlier
event of a key is visible, or gone, before a later one draws its outbox id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_events.envelope import Record, attributes_of, data_of
from baoke_events.event import Event
from baoke_events.origin import Origin, answered
from baoke_events.statements import fetch
from baoke_events.tables import SLOTS

MAX_EVENT_BYTES = 900_000
"""Below Kafka's default `message.max.bytes` of 1 MiB, with room for the headers."""

PUBLISHED = "baoke_events.published"
"""`session.info` flag: this transaction added outbox rows."""

SERVICE = "baoke_events.service"
"""`session.info` key of the publishing service's name."""


class EventTooLarge(ValueError):
    """An event is larger than the broker would take."""


_APPEND = """
WITH event AS (
    SELECT * FROM unnest(
        $1::smallint[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::bytea[]
    ) WITH ORDINALITY AS e (slot, topic, key, event_id, headers, payload, position)
), head AS (
    INSERT INTO stream_head AS h (topic, key, sequence)
    SELECT topic, key, count(*) FROM event GROUP BY topic, key ORDER BY topic, key
    ON CONFLICT (topic, key) DO UPDATE SET sequence = h.sequence + excluded.sequence
    RETURNING topic, key, sequence
)
INSERT INTO outbox (slot, topic, key, sequence, event_id, headers, payload)
SELECT slot, topic, key,
       head.sequence - count(*) OVER same_key + row_number() OVER (PARTITION BY topic, key ORDER BY position),
       event_id, CAST(headers AS jsonb), payload
FROM event JOIN head USING (topic, key)
WINDOW same_key AS (PARTITION BY topic, key)
ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class _Row:
    """What the outbox keeps of an event; the sequence is added by the statement that appends it."""

    event_id: UUID
    topic: str
    key: str
    headers: str
    payload: bytes | None


async def publish(session: AsyncSession, events: Sequence[Event]) -> None:
    """Add the events, in this order, to what leaves when the caller's transaction commits.

    Each gets the next `sequence` of its key, and the causation, correlation and trace context of
    what it answers (`causation_id`), else of the request or job at hand.

    Raises:
        EventTooLarge: an event's data exceeds `MAX_EVENT_BYTES`.
    """
    service, here = session.info[SERVICE], Origin.now()

    def row(event: Event) -> _Row:
        origin = answered(event.causation_id) or here
        attributes = attributes_of(event, service=service, origin=origin)
        return _Row(event.id, event.topic, str(attributes["ce_subject"]), to_json(attributes).decode(), data_of(event))

    await _append(session, [row(event) for event in events])


async def publish_records(session: AsyncSession, records: Sequence[tuple[UUID, Record]]) -> None:
    """Add ready-made records, each with its event's id. For mirrors and tombstones."""
    rows = [_Row(event_id, r.topic, r.key, headers_json(r), r.value) for event_id, r in records]
    await _append(session, rows)


async def _append(session: AsyncSession, rows: Sequence[_Row]) -> None:
    if not rows:
        return
    for row in rows:
        if row.payload and len(row.payload) > MAX_EVENT_BYTES:
            raise EventTooLarge(f"event {row.event_id} has {len(row.payload)} bytes, at most {MAX_EVENT_BYTES} fit")
    await fetch(
        session,
        _APPEND,
        [slot_of(row.key) for row in rows],
        [row.topic for row in rows],
        [row.key for row in rows],
        [row.event_id for row in rows],
        [row.headers for row in rows],
        [row.payload for row in rows],
    )
    session.info[PUBLISHED] = True


def slot_of(key: str) -> int:
    """The outbox slot of a key. All events of one key share a slot, whatever their topic."""
    return crc32(key.encode()) % SLOTS


def headers_json(record: Record) -> str:
    """Headers as the outbox keeps them; the sequence is a column and is added when the record leaves."""
    return to_json({name: storable(value.decode(errors="replace")) for name, value in record.headers}).decode()


def storable(words: str) -> str:
    """The words without NUL, which PostgreSQL does not hold."""
    return words.replace("\0", "\N{REPLACEMENT CHARACTER}")
