"""Complaints and how far they got."""

import operator
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events.consuming import Origin
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import arrays, insert_of
from customer_service.db.tables import ComplaintRow
from customer_service.domain.complaints import Complaint

_ADD = insert_of(ComplaintRow.__table__)
_LOCK = text("SELECT * FROM complaint WHERE dealer_id = :dealer_id AND complaint_id = :complaint_id FOR UPDATE")
_DUE = text("""
SELECT * FROM complaint WHERE escalate_at <= :now
ORDER BY dealer_id, customer_id, complaint_id LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_SAVE = text("""
UPDATE complaint SET called_back_at = u.called_back_at, callback_note = u.callback_note, resolved_at = u.resolved_at,
    resolution = u.resolution, level = u.level, escalate_at = u.escalate_at
FROM unnest(
    CAST(:dealer_id AS uuid[]), CAST(:complaint_id AS uuid[]), CAST(:called_back_at AS timestamptz[]),
    CAST(:callback_note AS text[]), CAST(:resolved_at AS timestamptz[]), CAST(:resolution AS text[]),
    CAST(:level AS smallint[]), CAST(:escalate_at AS timestamptz[])
) AS u (dealer_id, complaint_id, called_back_at, callback_note, resolved_at, resolution, level, escalate_at)
WHERE complaint.dealer_id = u.dealer_id AND complaint.complaint_id = u.complaint_id
""")
_FIND = text("""
SELECT * FROM complaint WHERE dealer_id = :dealer_id AND complaint_id = :complaint_id
  AND (CAST(:stores AS uuid[]) IS NULL OR store_id = ANY(CAST(:stores AS uuid[])))
""")
_NEWEST = text("""
SELECT * FROM complaint WHERE dealer_id = :dealer_id
  AND (CAST(:stores AS uuid[]) IS NULL OR store_id = ANY(CAST(:stores AS uuid[])))
  AND (CAST(:customer_id AS uuid) IS NULL OR customer_id = :customer_id)
  AND (CAST(:resolved AS boolean) IS NULL OR (resolved_at IS NOT NULL) = :resolved)
  AND (CAST(:before AS timestamptz) IS NULL OR (opened_at, complaint_id) < (:before, CAST(:before_id AS uuid)))
ORDER BY opened_at DESC, complaint_id DESC LIMIT :limit
""")
_fields = operator.attrgetter(*(field.name for field in fields(Complaint)))


@dataclass(frozen=True, slots=True)
class Due:
    """A complaint that is to be taken a level up, and the story it belongs to."""

    complaint: Complaint
    origin: Origin


async def add(session: AsyncSession, complaint: Complaint, *, escalate_at: datetime | None, origin: Origin) -> None:
    """Keep a new complaint."""
    told = {"correlation_id": origin.correlation_id, "traceparent": origin.traceparent}
    await session.execute(_ADD, arrays([{**asdict(complaint), "escalate_at": escalate_at, **told}]))


async def lock(session: AsyncSession, dealer_id: UUID, complaint_id: UUID) -> Complaint | None:
    """Return the dealer's complaint, locked, if there is one."""
    row = (await session.execute(_LOCK, {"dealer_id": dealer_id, "complaint_id": complaint_id})).one_or_none()
    return None if row is None else _complaint_of(row)


async def claim_due(session: AsyncSession, *, now: datetime, limit: int) -> list[Due]:
    """Return, locked, complaints to be taken a level up; what another worker holds is left to it."""
    rows = await session.execute(_DUE, {"now": now, "limit": limit})
    return [Due(_complaint_of(row), Origin(None, row.correlation_id, row.traceparent)) for row in rows]


async def save(session: AsyncSession, complaints: Sequence[tuple[Complaint, datetime | None]]) -> None:
    """Store how far complaints got, each with when it is taken up next."""
    if complaints:
        rows = [{**asdict(complaint), "escalate_at": escalate_at} for complaint, escalate_at in complaints]
        await session.execute(_SAVE, arrays(rows))


async def find(
    session: AsyncSession, dealer_id: UUID, complaint_id: UUID, *, stores: Sequence[UUID] | None
) -> Complaint | None:
    """Return the dealer's complaint, if there is one and it is of these stores (None: of any)."""
    asked = {"dealer_id": dealer_id, "complaint_id": complaint_id, "stores": stores}
    row = (await session.execute(_FIND, asked)).one_or_none()
    return None if row is None else _complaint_of(row)


async def newest(
    session: AsyncSession,
    dealer_id: UUID,
    *,
    customer_id: UUID | None,
    resolved: bool | None,
    stores: Sequence[UUID] | None,
    limit: int,
    before: tuple[datetime, UUID] | None,
) -> list[Complaint]:
    """Return the dealer's complaints, newest first; None does not narrow."""
    at, complaint_id = before or (None, None)
    asked = {"customer_id": customer_id, "resolved": resolved, "stores": stores, "limit": limit}
    rows = await session.execute(_NEWEST, {"dealer_id": dealer_id, "before": at, "before_id": complaint_id, **asked})
    return [_complaint_of(row) for row in rows]


def _complaint_of(row: Any) -> Complaint:
    return Complaint(*_fields(row))
