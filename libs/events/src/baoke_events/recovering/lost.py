"""Events that a service published and its restored database does not know."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_events.consuming.parking import event_id_of
from baoke_events.envelope import Record, attribute

DEAD_LETTERS = ".dlq"

_KEEP_LOST = text("""
INSERT INTO lost_event (event_id, topic, key, sequence, type, causation_id, occurred_at)
SELECT DISTINCT ON (event_id, topic) event_id, topic, key, seen.sequence, type, causation_id, occurred_at
FROM unnest(
    CAST(:ids AS uuid[]), CAST(:topics AS text[]), CAST(:keys AS text[]), CAST(:sequences AS bigint[]),
    CAST(:types AS text[]), CAST(:causes AS uuid[]), CAST(:times AS timestamptz[])
) AS seen (event_id, topic, key, sequence, type, causation_id, occurred_at)
LEFT JOIN stream_head AS head USING (topic, key)
WHERE seen.sequence > coalesce(head.sequence, 0)
ON CONFLICT DO NOTHING
""")
_RAISE_HEADS = text("""
INSERT INTO stream_head AS head (topic, key, sequence)
SELECT topic, key, max(sequence) FROM lost_event GROUP BY topic, key
ON CONFLICT (topic, key) DO UPDATE SET sequence = greatest(head.sequence, excluded.sequence)
""")
_SAY_AGAIN = text("""
WITH lost AS (
    SELECT event_id, topic, key, type, causation_id::text AS cause,
           row_number() OVER (PARTITION BY topic, key, type, causation_id ORDER BY sequence) AS turn
    FROM lost_event WHERE causation_id IS NOT NULL AND said_again_at IS NULL
), again AS (
    SELECT slot, id, topic, key, headers ->> 'ce_type' AS type, headers ->> 'ce_causationid' AS cause,
           row_number() OVER (
               PARTITION BY topic, key, headers ->> 'ce_type', headers ->> 'ce_causationid' ORDER BY sequence
           ) AS turn
    FROM outbox WHERE headers ? 'ce_causationid'
), renamed AS (
    UPDATE outbox SET event_id = lost.event_id, headers = headers || jsonb_build_object('ce_id', lost.event_id)
    FROM again JOIN lost USING (topic, key, type, cause, turn)
    WHERE outbox.slot = again.slot AND outbox.id = again.id
    RETURNING lost.event_id, lost.topic
)
UPDATE lost_event SET said_again_at = now() FROM renamed
WHERE lost_event.event_id = renamed.event_id AND lost_event.topic = renamed.topic
""")
_REPORT = text("""
SELECT event_id::text, type, topic, key, sequence, occurred_at, said_again_at IS NOT NULL AS said_again
FROM lost_event WHERE found_at >= :since AND topic NOT LIKE '%' || :dead_letters
ORDER BY occurred_at, topic, key, sequence
""")


async def keep_lost(session: AsyncSession, service: str, records: Sequence[Record]) -> None:
    """Note those of the records that the service published and this database does not know: their versions are new."""
    mine = [record for record in records if _is_by(record, service)]
    await session.execute(
        _KEEP_LOST,
        {
            "ids": [event_id_of(record) for record in mine],
            "topics": [record.topic for record in mine],
            "keys": [record.key for record in mine],
            "sequences": [int(attribute(record.headers, "sequence") or 0) for record in mine],
            "types": [attribute(record.headers, "type") or "none" for record in mine],
            "causes": [_uuid(attribute(record.headers, "causationid")) for record in mine],
            "times": [_instant(attribute(record.headers, "time")) for record in mine],
        },
    )


async def raise_heads(session: AsyncSession) -> None:
    """Let the next version of every key be one that Kafka has not seen."""
    await session.execute(_RAISE_HEADS)


async def say_again(session: AsyncSession) -> None:
    """Give what waits in the outbox the id it had when it was first said: of the same cause, type and key, in order.

    To be called before a relay sends any of it. Inboxes drop what they know by that id.
    """
    await session.execute(_SAY_AGAIN)


async def report(session: AsyncSession, *, since: datetime) -> list[Mapping[str, Any]]:
    """What was found lost since the instant, and whether it was said again."""
    rows = await session.execute(_REPORT, {"since": since, "dead_letters": DEAD_LETTERS})
    return [dict(row) for row in rows.mappings()]


def _is_by(record: Record, service: str) -> bool:
    """Whether the service wrote it: as the event's source, or as the consumer that parked it."""
    if record.topic.endswith(DEAD_LETTERS):
        return dict(record.headers).get("baoke_consumer") == service.encode()
    return attribute(record.headers, "source") == f"/baoke/{service}"


def _uuid(words: str | None) -> UUID | None:
    return UUID(words) if words else None


def _instant(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words) if words else None
