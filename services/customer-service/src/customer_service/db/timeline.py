"""What happened to parties: entries are made once and read newest first."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import arrays, insert_of
from customer_service.db.tables import TimelineRow
from customer_service.domain.timeline import Entry

_ADD = insert_of(TimelineRow.__table__, "ON CONFLICT DO NOTHING")
_NEWEST = text("""
WITH party AS (
    SELECT CAST(:customer_id AS uuid) AS party_id
    UNION SELECT lead_id FROM lead WHERE dealer_id = :dealer_id AND customer_id = :customer_id
)
SELECT entry.* FROM party CROSS JOIN LATERAL (
    SELECT e.* FROM timeline_entry e
    WHERE e.dealer_id = :dealer_id AND e.party_id = party.party_id
      AND (CAST(:before AS timestamptz) IS NULL OR (e.occurred_at, e.entry_id) < (:before, CAST(:before_id AS uuid)))
    ORDER BY e.occurred_at DESC, e.entry_id DESC LIMIT :limit
) AS entry
ORDER BY entry.occurred_at DESC, entry.entry_id DESC LIMIT :limit
""")


async def add(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Keep entries that are new."""
    if entries:
        rows = [
            {
                "dealer_id": entry.dealer_id,
                "entry_id": entry.entry_id,
                "party_id": entry.party_id,
                "kind": entry.kind,
                "occurred_at": entry.occurred_at,
                "data": json.dumps(entry.data, default=str, ensure_ascii=False),
            }
            for entry in entries
        ]
        await session.execute(_ADD, arrays(rows))


async def newest(
    session: AsyncSession, dealer_id: UUID, customer_id: UUID, *, limit: int, before: tuple[datetime, UUID] | None
) -> list[Entry]:
    """Return what happened to a customer, and to the leads the customer was before, newest first."""
    at, entry_id = before or (None, None)
    asked = {"dealer_id": dealer_id, "customer_id": customer_id, "limit": limit, "before": at, "before_id": entry_id}
    return [_entry_of(row) for row in await session.execute(_NEWEST, asked)]


def _entry_of(row: Any) -> Entry:
    data = json.loads(row.data) if isinstance(row.data, str) else row.data
    return Entry(row.dealer_id, row.party_id, row.entry_id, row.kind, row.occurred_at, data)
