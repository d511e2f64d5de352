"""Approaches to lost leads, read with what became of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.lead_filter import VISIBLE
from lead_service.db.opportunities import FOUND, opportunity_of, successor_of
from lead_service.domain.errors import ReactivationNotFound
from lead_service.domain.opportunity import Opportunity, settle
from lead_service.domain.reactivation import ReactivationState

_PAGE = f"""
SELECT r.*, signal.kind AS signal_kind, successor.*
FROM (
    SELECT * FROM reactivation
    WHERE dealer_id = $1 AND ($2::uuid[] IS NULL OR store_id = ANY($2)) AND ($3::uuid IS NULL OR lead_id = $3)
      AND ($4::uuid IS NULL OR signal_id = $4) AND ($5::text IS NULL OR state = $5) AND ($6::uuid IS NULL OR id < $6)
      AND {{whose}}
    ORDER BY id DESC LIMIT $7
) r
JOIN market_signal signal ON signal.dealer_id = r.dealer_id AND signal.id = r.signal_id {FOUND}
ORDER BY r.id DESC
"""

_LEAD_OF = "SELECT lead_id FROM reactivation WHERE dealer_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class ReactivationFilter:
    """Which reactivations of a dealer are asked for. `stores` are those the asker may see; None is all.

    With `seen_by` they are of this advisor's own leads and of the pool's.
    """

    dealer_id: UUID
    stores: Collection[UUID] | None = None
    lead_id: UUID | None = None
    signal_id: UUID | None = None
    state: ReactivationState | None = None
    seen_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Approach:
    """One signal's approach to one lost lead: its row, and what became of it by now."""

    row: Mapping[str, Any]
    opportunity: Opportunity


async def lead_of(session: AsyncSession, dealer_id: UUID, reactivation_id: UUID) -> UUID:
    """The lost lead that was approached.

    Raises:
        ReactivationNotFound: the dealer has no such re-activation.
    """
    rows = await fetch(session, _LEAD_OF, dealer_id, reactivation_id)
    if not rows:
        raise ReactivationNotFound(reactivation_id)
    return cast("UUID", rows[0]["lead_id"])


async def page(
    session: AsyncSession, asked: ReactivationFilter, *, before: UUID | None, limit: int, now: datetime
) -> Sequence[Approach]:
    """Up to `limit` reactivations older than `before`, newest first.

    What became of each is looked up, so that it is right even before anybody heard of it.
    """
    stores = None if asked.stores is None else list(asked.stores)
    whose = VISIBLE.format(of="reactivation", advisor="$8::uuid") if asked.seen_by else "true"
    given = [asked.dealer_id, stores, asked.lead_id, asked.signal_id, asked.state, before, limit]
    rows = await fetch(session, _PAGE.format(whose=whose), *given, *([asked.seen_by] if asked.seen_by else []))
    return [Approach(dict(row), settle(opportunity_of(row), successor_of(row), at=now)) for row in rows]
