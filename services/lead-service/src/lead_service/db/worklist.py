"""What an advisor, or a store, has to do today, and what decides on what to say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.lead_mapping import lead_of
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.lead import Lead
from lead_service.domain.script import Content

_PAGE = """
SELECT * FROM lead
WHERE dealer_id = $1 AND {whose} = $2 AND closed_at IS NULL
  AND least(next_contact_at, CASE WHEN stage = 'new' AND responded_at IS NULL THEN respond_by END) < $3
  AND ranked_at < $3
  AND ($4::timestamptz IS NULL OR (ranked_at, id) > ($4, $5::uuid)) AND ($6::uuid[] IS NULL OR store_id = ANY($6))
  AND greatest(follow_up_level, CASE WHEN stage = 'new' AND responded_at IS NULL THEN response_level END) >= $7
ORDER BY ranked_at, id LIMIT $8
"""
_OF_ADVISOR, _OF_STORE = _PAGE.format(whose="advisor_id"), _PAGE.format(whose="store_id")
_LAST_REPORTS = """
SELECT lead_id, max(made_at) AS made_at FROM follow_up
WHERE dealer_id = $1 AND lead_id = ANY($2::uuid[]) AND content = $3 GROUP BY lead_id
"""
_LOST_BEFORE = """
SELECT DISTINCT ON (lead.id) lead.id, defeat.reason
FROM lead
JOIN lead lost ON lost.dealer_id = lead.dealer_id AND lost.phone = lead.phone AND NOT lost.phone_is_relay
              AND lost.captured_at < lead.captured_at
JOIN defeat ON defeat.dealer_id = lost.dealer_id AND defeat.lead_id = lost.id
WHERE lead.dealer_id = $1 AND lead.id = ANY($2::uuid[]) AND NOT lead.phone_is_relay
ORDER BY lead.id, defeat.defeated_at DESC
"""


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """Whose work is asked for, and up to when it falls due.

    It is that of an advisor, in these stores (None is all), or, where `whole_store_id` names one, of all advisors of a
    store and of nobody. Nothing is meant that is escalated less far than to `min_level`.
    """

    dealer_id: UUID
    due_before: datetime
    advisor_id: UUID | None = None
    whole_store_id: UUID | None = None
    stores: Collection[UUID] | None = None
    min_level: int = 0


async def page(
    session: AsyncSession, asked: WorklistFilter, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Lead]:
    """Up to `limit` leads that are due, in their order, behind the place `after`."""
    ranked_at, lead_id = after or (None, None)
    stores = None if asked.stores is None else list(asked.stores)
    statement, whose = (_OF_STORE, asked.whole_store_id) if asked.whole_store_id else (_OF_ADVISOR, asked.advisor_id)
    rows = await fetch(
        session, statement, asked.dealer_id, whose, asked.due_before, ranked_at, lead_id, stores, asked.min_level, limit
    )
    return [lead_of(row) for row in rows]


async def last_reports(session: AsyncSession, dealer_id: UUID, leads: Sequence[Lead]) -> dict[UUID, datetime]:
    """When each of the leads that ever had one was sent its last comparison report."""
    ids = [lead.id for lead in leads]
    rows = await fetch(session, _LAST_REPORTS, dealer_id, ids, Content.COMPARISON_REPORT.value)
    return {row["lead_id"]: row["made_at"] for row in rows}


async def lost_before(session: AsyncSession, dealer_id: UUID, leads: Sequence[Lead]) -> dict[UUID, DefeatReason]:
    """Why the dealer lost the people of these leads the last time, where it had lost them before."""
    rows = await fetch(session, _LOST_BEFORE, dealer_id, [lead.id for lead in leads])
    return {row["id"]: DefeatReason(row["reason"]) for row in rows}
