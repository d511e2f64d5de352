"""What is asked about leads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import endings as db_endings
from lead_service.db import stage_changes
from lead_service.db.lead_filter import LeadFilter, LeadSort, matching, one_page
from lead_service.db.lead_mapping import interest_of, lead_of
from lead_service.db.leads import one
from lead_service.db.tables import DefeatRow, FollowUpRow, TouchRow
from lead_service.domain.capture import Touch
from lead_service.domain.defeat import Defeat, DefeatReason
from lead_service.domain.errors import LeadNotFound
from lead_service.domain.follow_up import ContactChannel, ContactOutcome, FollowUp
from lead_service.domain.grade import Grade
from lead_service.domain.lead import Lead
from lead_service.domain.sale import RecordedSale
from lead_service.domain.script import Content
from lead_service.domain.source import Channel, Source
from lead_service.domain.stage import Stage, StageChange, timed

HISTORY = 50
"""Newest entries of a lead's history that are shown with it."""

_OWN = """
SELECT advisor_id IS NOT NULL AS own FROM lead
WHERE dealer_id = $1 AND id = $2 AND (advisor_id = $3 OR (advisor_id IS NULL AND closed_at IS NULL))
"""
_LOCK_OWN = f"{_OWN} FOR UPDATE"


@dataclass(frozen=True, slots=True)
class LeadHistory:
    """What happened to a lead, newest first, and how it ended."""

    touches: Sequence[Touch]
    follow_ups: Sequence[FollowUp]
    stages: Sequence[StageChange]
    defeat: Defeat | None
    sale: RecordedSale | None
    undone_sales: Sequence[RecordedSale] = ()


async def page(
    session: AsyncSession, asked: LeadFilter, sort: LeadSort, *, after: Collection[Any] | None, limit: int
) -> list[Lead]:
    """Up to `limit` leads in this order, behind what the page before ended with."""
    query = await one_page(session, asked, sort, after=after, limit=limit)
    return [lead_of(row) for row in (await session.execute(query)).mappings()]


async def count(session: AsyncSession, asked: LeadFilter) -> int:
    """How many leads there are."""
    found = (await matching(session, asked)).with_only_columns(literal(1)).subquery()
    return int((await session.execute(select(func.count()).select_from(found))).scalar_one())


async def is_own(session: AsyncSession, dealer_id: UUID, lead_id: UUID, advisor_id: UUID, *, lock: bool) -> bool:
    """Whether the lead is the advisor's own, or else lies in the pool (公海). With `lock` that stays so for the caller.

    Raises:
        LeadNotFound: it is neither, or there is none.
    """
    rows = await fetch(session, _LOCK_OWN if lock else _OWN, dealer_id, lead_id, advisor_id)
    if not rows:
        raise LeadNotFound(lead_id)
    return bool(rows[0]["own"])


async def find(session: AsyncSession, dealer_id: UUID, lead_id: UUID, *, stores: Collection[UUID] | None) -> Lead:
    """The lead.

    Raises:
        LeadNotFound: the dealer has no such lead, or not in these stores.
    """
    row = (await session.execute(one(dealer_id, lead_id, stores))).mappings().one_or_none()
    if row is None:
        raise LeadNotFound(lead_id)
    return lead_of(row)


async def history(session: AsyncSession, lead: Lead) -> LeadHistory:
    """What happened to the lead."""
    recorded = await db_endings.sales(session, lead.dealer_id, lead.id)
    return LeadHistory(
        touches=await _touches(session, lead),
        follow_ups=await _follow_ups(session, lead),
        stages=await _stages(session, lead),
        defeat=await _defeat(session, lead) if lead.stage is Stage.DEFEATED else None,
        sale=next((sale for sale in recorded if sale.cancellation is None), None),
        undone_sales=[sale for sale in recorded if sale.cancellation],
    )


async def _stages(session: AsyncSession, lead: Lead) -> list[StageChange]:
    """The lead's last steps, newest first. Of the first one shown, the step before tells how long it stood there."""
    changes = await stage_changes.newest(session, lead.dealer_id, lead.id, limit=HISTORY + 1)
    is_whole = len(changes) <= HISTORY
    shown = timed(changes[::-1], since=lead.captured_at if is_whole and _starts_new(changes) else None)[::-1]
    return shown[:HISTORY]


def _starts_new(changes: Sequence[StageChange]) -> bool:
    """Whether the oldest of these steps was a lead's first: steps are kept since a while only."""
    return bool(changes) and changes[-1].from_stage is Stage.NEW


async def _touches(session: AsyncSession, lead: Lead) -> list[Touch]:
    table = TouchRow.metadata.tables["touch"]
    query = select(table).where(table.c.dealer_id == lead.dealer_id, table.c.lead_id == lead.id)
    rows = (await session.execute(query.order_by(table.c.id.desc()).limit(HISTORY))).mappings()
    return [
        Touch(
            id=row["id"],
            source=Source(Channel(row["channel"]), row["source_system"], row["source_id"], row["campaign"]),
            name=row["name"],
            interest=interest_of(row, budget_cents=row["budget_cents"]),
            referral_code=row["referral_code"],
            note=row["note"],
            requested_at=row["requested_at"],
            touched_at=row["touched_at"],
        )
        for row in rows
    ]


async def _follow_ups(session: AsyncSession, lead: Lead) -> list[FollowUp]:
    table = FollowUpRow.metadata.tables["follow_up"]
    query = select(table).where(table.c.dealer_id == lead.dealer_id, table.c.lead_id == lead.id)
    rows = (await session.execute(query.order_by(table.c.id.desc()).limit(HISTORY))).mappings()
    return [
        FollowUp(
            id=row["id"],
            channel=ContactChannel(row["channel"]),
            outcome=ContactOutcome(row["outcome"]),
            note=row["note"],
            advisor_id=row["advisor_id"],
            made_at=row["made_at"],
            due_at=row["due_at"],
            next_contact_at=row["next_contact_at"],
            script_id=row["script_id"],
            content=Content(row["content"]) if row["content"] else None,
        )
        for row in rows
    ]


async def _defeat(session: AsyncSession, lead: Lead) -> Defeat:
    row = await session.get_one(DefeatRow, (lead.dealer_id, lead.id))
    return Defeat(
        dealer_id=row.dealer_id,
        lead_id=row.lead_id,
        store_id=row.store_id,
        reason=DefeatReason(row.reason),
        competitor=row.competitor,
        note=row.note,
        stage=Stage(row.stage),
        grade=Grade(row.grade),
        interest=lead.interest,
        defeated_at=row.defeated_at,
    )
