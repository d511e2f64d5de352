"""Who took which leads out of the system."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import LeadExportRow
from lead_service.domain.export import ExportFormat, LeadExport

_EXPORT: Table = LeadExportRow.metadata.tables["lead_export"]


async def add(session: AsyncSession, export: LeadExport) -> None:
    """It is on record that the export began."""
    await session.execute(
        insert(_EXPORT).values(
            dealer_id=export.dealer_id,
            id=export.id,
            exported_by=export.exported_by,
            format=export.format,
            wanted=export.wanted,
            with_phones=export.with_phones,
            leads=0,
            started_at=export.started_at,
        )
    )


async def note(session: AsyncSession, export: LeadExport, *, leads: int, finished_at: datetime | None) -> None:
    """So many leads have left by now."""
    of = (_EXPORT.c.dealer_id == export.dealer_id, _EXPORT.c.id == export.id)
    await session.execute(update(_EXPORT).where(*of).values(leads=leads, finished_at=finished_at))


async def page(session: AsyncSession, dealer_id: UUID, *, before: UUID | None, limit: int) -> list[LeadExport]:
    """Up to `limit` exports that began before the one `before`, newest first."""
    query = select(_EXPORT).where(_EXPORT.c.dealer_id == dealer_id)
    if before is not None:
        query = query.where(_EXPORT.c.id < before)
    rows = (await session.execute(query.order_by(_EXPORT.c.id.desc()).limit(limit))).mappings()
    return [_export(row) for row in rows]


def _export(row: Mapping[Any, Any]) -> LeadExport:
    return LeadExport(
        dealer_id=row["dealer_id"],
        id=row["id"],
        exported_by=row["exported_by"],
        format=ExportFormat(row["format"]),
        wanted=row["wanted"],
        with_phones=row["with_phones"],
        started_at=row["started_at"],
        leads=row["leads"],
        finished_at=row["finished_at"],
    )
