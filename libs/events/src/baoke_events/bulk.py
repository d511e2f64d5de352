"""Facts that a statement finds, published by that statement.

`publish` costs a row's way to this process and back, and an object here, for each event. Here PostgreSQL
writes the outbox row beside the row it tells of: one round trip for thousands, and no memory of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asyncpg import Record
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_events.envelope import headers_of
from baoke_events.event import Event
from baoke_events.origin import origin_of
from baoke_events.outbox import PUBLISHED, SERVICE
from baoke_events.statements import fetch
from baoke_events.tables import SLOTS

_PUBLISH = """
WITH {ctes}, fact AS (
    SELECT {fields} FROM {found}
), event AS (
    SELECT {key}::text AS key, {event_id} AS event_id,
           {data} || substr(row_to_json(fact)::text, 2) AS data
    FROM fact
), head AS (
    INSERT INTO stream_head AS h (topic, key, sequence) SELECT '{topic}', key, 1 FROM event ORDER BY key
    ON CONFLICT (topic, key) DO UPDATE SET sequence = h.sequence + 1
    RETURNING key, sequence
), appended AS (
    INSERT INTO outbox (slot, topic, key, sequence, event_id, headers, payload)
    SELECT (crc32(key::bytea) % {slots})::smallint, '{topic}', key, sequence, event_id,
           {headers}::jsonb || jsonb_build_object('ce_id', event_id, 'ce_subject', key), convert_to(data, 'UTF8')
    FROM event JOIN head USING (key)
)
{answer}
"""


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that are events, and what each says: `fields` of the event's data, the rest being as `like` has it.

    `rows` is what stands behind FROM. The columns are named like the fields; the event's key is among
    them, and no two rows have the same. `event_id` is the column, or the expression, that gives the event its id.
    """

    rows: str
    fields: Sequence[str]
    event_id: str
    like: Event


async def publish_found(
    session: AsyncSession, ctes: str, arguments: Sequence[Any], found: Found, *, answer: str
) -> Sequence[Record]:
    """Publish an event for each row found, which may be one that the common table expressions make.

    The rows of the query `answer` come back. Nothing is validated: the caller's tests compare what is
    found with what the event's class would say.
    """
    like, next_ = found.like, len(arguments) + 1
    headers = headers_of(like, service=session.info[SERVICE], origin=origin_of(like.causation_id))
    same = {name: value for name, value in headers.items() if name not in ("ce_id", "ce_subject")}
    sql = _PUBLISH.format(
        ctes=ctes,
        fields=", ".join(found.fields),
        found=found.rows,
        key=like.key,
        event_id=found.event_id,
        topic=like.topic,
        slots=SLOTS,
        data=f"${next_}::text",
        headers=f"${next_ + 1}",
        answer=answer,
    )
    data = like.model_dump_json(exclude=set(found.fields))[:-1]
    rows = await fetch(session, sql, *arguments, data if data == "{" else f"{data},", to_json(same).decode())
    session.info[PUBLISHED] = True
    return rows
