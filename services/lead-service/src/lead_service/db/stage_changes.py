"""The steps of leads along their way: when, and by whom. Saving a lead keeps them (`db/leads.py`)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import StageChangeRow
from lead_service.domain.stage import Stage, StageChange

_STAGE_CHANGE: Table = StageChangeRow.metadata.tables["stage_change"]


async def newest(session: AsyncSession, dealer_id: UUID, lead_id: UUID, *, limit: int) -> Sequence[StageChange]:
    """The lead's last steps, newest first."""
    query = select(_STAGE_CHANGE).where(_STAGE_CHANGE.c.dealer_id == dealer_id, _STAGE_CHANGE.c.lead_id == lead_id)
    rows = (await session.execute(query.order_by(_STAGE_CHANGE.c.id.desc()).limit(limit))).mappings()
    return [
        StageChange(Stage(row["from_stage"]), Stage(row["to_stage"]), row["changed_by"], row["changed_at"])
        for row in rows
    ]
