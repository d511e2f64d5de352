"""Lost leads that are worked again: the defeat is taken back and stays on record beside it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.domain.defeat import DefeatReason

_TAKE_BACK = """
WITH lost AS (
    DELETE FROM defeat WHERE dealer_id = $1 AND lead_id = $2
    RETURNING lead_id, reason, competitor, note, stage, defeated_at
)
INSERT INTO reopening (dealer_id, id, lead_id, reason, competitor, defeat_note, stage, defeated_at,
                       note, reopened_by, reopened_at)
SELECT $1, $3, lead_id, reason, competitor, note, stage, defeated_at, $4, $5, $6 FROM lost
RETURNING reason, defeated_at
"""


@dataclass(frozen=True, slots=True)
class Reopening:
    """That a lost lead is worked again: who reopened it, and what they noted."""

    dealer_id: UUID
    id: UUID
    lead_id: UUID
    note: str | None
    reopened_by: str
    reopened_at: datetime


async def take_back(session: AsyncSession, reopening: Reopening) -> tuple[DefeatReason, datetime]:
    """No signal speaks to the lead any more; it is on record why and when it had been lost, which is answered."""
    [row] = await fetch(
        session,
        _TAKE_BACK,
        reopening.dealer_id,
        reopening.lead_id,
        reopening.id,
        reopening.note,
        reopening.reopened_by,
        reopening.reopened_at,
    )
    return DefeatReason(row["reason"]), row["defeated_at"]
