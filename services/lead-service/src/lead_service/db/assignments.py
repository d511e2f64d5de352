"""Who was responsible for a lead, since when, and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events.ids import uuid7
from baoke_events.statements import fetch, sql_of
from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.recordset import bound, recordset
from lead_service.db.tables import AssignmentRow
from lead_service.domain.assignment import Assignment, AssignmentReason
from lead_service.domain.lead import Lead

_ASSIGNMENT: Table = AssignmentRow.metadata.tables["assignment"]
_COLUMNS = [column.name for column in _ASSIGNMENT.columns]
_GIVEN = recordset(_ASSIGNMENT, _COLUMNS)
_ADD = sql_of(insert(_ASSIGNMENT).from_select(_COLUMNS, select(*(_GIVEN.c[name] for name in _COLUMNS))))

_TAKEN = """
SELECT dealer_id, from_advisor_id, count(*) AS leads FROM assignment
WHERE (dealer_id, from_advisor_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
  AND reason = 'neglected' AND assigned_at > $3
GROUP BY dealer_id, from_advisor_id
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A lead as it is now, whose it was before, why it changed hands, and who saw to that."""

    lead: Lead
    from_advisor_id: UUID | None
    reason: AssignmentReason
    by: str
    note: str | None = None


async def add(session: AsyncSession, changes: Sequence[Change], *, at: datetime) -> None:
    """The changes are part of the leads' history."""
    if changes:
        await fetch(session, _ADD, bound([_row(change, at) for change in changes]))


async def taken_since(
    session: AsyncSession, keys: Collection[tuple[UUID, UUID]], *, since: datetime
) -> dict[tuple[UUID, UUID], int]:
    """How many leads each of these (dealer, advisor) pairs lost by neglect since then."""
    pairs = sorted(set(keys))
    rows = await fetch(session, _TAKEN, [dealer for dealer, _ in pairs], [advisor for _, advisor in pairs], since)
    return {(row["dealer_id"], row["from_advisor_id"]): row["leads"] for row in rows}


async def neglected_by(session: AsyncSession, lead: Lead, advisor_id: UUID) -> datetime | None:
    """When the lead was last taken from the advisor for neglect; None if it never was."""
    query = (
        select(_ASSIGNMENT.c.assigned_at)
        .where(
            _ASSIGNMENT.c.dealer_id == lead.dealer_id,
            _ASSIGNMENT.c.lead_id == lead.id,
            _ASSIGNMENT.c.from_advisor_id == advisor_id,
            _ASSIGNMENT.c.reason == AssignmentReason.NEGLECTED,
        )
        .order_by(_ASSIGNMENT.c.id.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def page(
    session: AsyncSession, dealer_id: UUID, lead_id: UUID, *, before: UUID | None, limit: int
) -> list[Assignment]:
    """Up to `limit` changes of a lead that came before the one `before`, newest first."""
    query = select(_ASSIGNMENT).where(_ASSIGNMENT.c.dealer_id == dealer_id, _ASSIGNMENT.c.lead_id == lead_id)
    if before is not None:
        query = query.where(_ASSIGNMENT.c.id < before)
    rows = (await session.execute(query.order_by(_ASSIGNMENT.c.id.desc()).limit(limit))).mappings()
    return [
        Assignment(
            id=row["id"],
            lead_id=row["lead_id"],
            advisor_id=row["advisor_id"],
            from_advisor_id=row["from_advisor_id"],
            reason=AssignmentReason(row["reason"]),
            note=row["note"],
            assigned_by=row["assigned_by"],
            assigned_at=row["assigned_at"],
        )
        for row in rows
    ]


def _row(change: Change, at: datetime) -> dict[str, Any]:
    lead = change.lead
    return {
        "dealer_id": lead.dealer_id,
        "id": uuid7(),
        "lead_id": lead.id,
        "store_id": lead.store_id,
        "advisor_id": lead.advisor_id,
        "from_advisor_id": change.from_advisor_id,
        "reason": change.reason,
        "note": change.note,
        "assigned_by": change.by,
        "assigned_at": at,
    }
