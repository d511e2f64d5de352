"""What is asked about leads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import endings as db_endings
from lead_service.db.lead_mapping import interest_of, lead_of
from lead_service.db.leads import one
from lead_service.db.tables import DefeatRow, FollowUpRow, LeadRow, TouchRow
from lead_service.domain.capture import Touch
from lead_service.domain.defeat import Defeat, DefeatReason
from lead_service.domain.errors import LeadNotFound
from lead_service.domain.follow_up import ContactChannel, ContactOutcome, FollowUp
from lead_service.domain.grade import Grade
from lead_service.domain.lead import Lead
from lead_service.domain.sale import RecordedSale
from lead_service.domain.source import Channel, Source
from lead_service.domain.stage import Stage

HISTORY = 50
"""Newest entries of a lead's history that are shown with it."""

_LEAD: Table = LeadRow.metadata.tables["lead"]


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """Which leads of a dealer are asked for. `stores` are those the asker may see; None is all."""

    dealer_id: UUID
    stores: Collection[UUID] | None = None
    stage: Stage | None = None
    grade: Grade | None = None
    store_id: UUID | None = None
    advisor_id: UUID | None = None
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class LeadHistory:
    """What happened to a lead, newest first, and how it ended."""

    touches: Sequence[Touch]
    follow_ups: Sequence[FollowUp]
    defeat: Defeat | None
    sale: RecordedSale | None
    undone_sales: Sequence[RecordedSale] = ()


async def page(session: AsyncSession, asked: LeadFilter, *, before: UUID | None, limit: int) -> list[Lead]:
    """Up to `limit` leads, newest first, that were captured before the lead `before`."""
    query = select(_LEAD).where(_LEAD.c.dealer_id == asked.dealer_id)
    for name in ("stage", "grade", "store_id", "advisor_id", "channel"):
        if (value := getattr(asked, name)) is not None:
            query = query.where(_LEAD.c[name] == value)
    if asked.stores is not None:
        query = query.where(_LEAD.c.store_id.in_(asked.stores))
    if before is not None:
        query = query.where(_LEAD.c.id < before)
    return [lead_of(row) for row in (await session.execute(query.order_by(_LEAD.c.id.desc()).limit(limit))).mappings()]


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
        defeat=await _defeat(session, lead) if lead.stage is Stage.DEFEATED else None,
        sale=next((sale for sale in recorded if sale.cancellation is None), None),
        undone_sales=[sale for sale in recorded if sale.cancellation],
    )


async def _touches(session: AsyncSession, lead: Lead) -> list[Touch]:
    table = TouchRow.metadata.tables["touch"]
    query = select(table).where(table.c.dealer_id == lead.dealer_id, table.c.lead_id == lead.id)
    rows = (await session.execute(query.order_by(table.c.id.desc()).limit(HISTORY))).mappings()
    return [
        Touch(
            id=row["id"],
            source=Source(Channel(row["channel"]), row["source_system"], row["source_id"], row["campaign"]),
            interest=interest_of(row),
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

