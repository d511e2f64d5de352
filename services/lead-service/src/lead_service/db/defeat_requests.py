"""Wishes to give a lead up that a manager decides on."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.lead_filter import visible
from lead_service.db.tables import DefeatRequestRow
from lead_service.domain.defeat import DefeatReason, DefeatRequest, RequestState

_REQUEST: Table = DefeatRequestRow.metadata.tables["defeat_request"]


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests of a dealer are asked for. `stores` are those the asker may see; None is all.

    With `seen_by` they are of this advisor's own leads and of the pool's.
    """

    dealer_id: UUID
    stores: Collection[UUID] | None = None
    state: RequestState | None = None
    lead_id: UUID | None = None
    store_id: UUID | None = None
    seen_by: UUID | None = None


async def add(session: AsyncSession, request: DefeatRequest) -> bool:
    """The request waits for a manager. False where the lead has one that waits already."""
    added = await session.execute(
        insert(_REQUEST)
        .values(**asdict(request))
        .on_conflict_do_nothing(index_elements=["dealer_id", "lead_id"], index_where=text("state = 'pending'"))
        .returning(_REQUEST.c.id)
    )
    return added.scalar_one_or_none() is not None


async def pending(session: AsyncSession, dealer_id: UUID, lead_id: UUID) -> DefeatRequest | None:
    """The lead's request that waits, if there is one. The lead is locked by the caller."""
    query = select(_REQUEST).where(
        _REQUEST.c.dealer_id == dealer_id,
        _REQUEST.c.lead_id == lead_id,
        _REQUEST.c.state == RequestState.PENDING.value,
    )
    row = (await session.execute(query)).mappings().one_or_none()
    return _request(row) if row else None


async def decide(session: AsyncSession, request: DefeatRequest) -> None:
    """The manager's word is on record."""
    await session.execute(
        update(_REQUEST)
        .where(_REQUEST.c.dealer_id == request.dealer_id, _REQUEST.c.id == request.id)
        .values(
            state=request.state,
            decided_by=request.decided_by,
            decided_at=request.decided_at,
            decision_note=request.decision_note,
        )
    )


async def lapse(session: AsyncSession, dealer_id: UUID, lead_id: UUID, *, at: datetime) -> None:
    """The lead, locked by the caller, is closed: what waited for a manager waits no more."""
    waiting = (
        _REQUEST.c.dealer_id == dealer_id,
        _REQUEST.c.lead_id == lead_id,
        _REQUEST.c.state == RequestState.PENDING.value,
    )
    await session.execute(update(_REQUEST).where(*waiting).values(state=RequestState.LAPSED, decided_at=at))


async def page(session: AsyncSession, asked: RequestFilter, *, before: UUID | None, limit: int) -> list[DefeatRequest]:
    """Up to `limit` requests older than `before`, newest first."""
    query = select(_REQUEST).where(_REQUEST.c.dealer_id == asked.dealer_id)
    for name in ("state", "lead_id", "store_id"):
        if (value := getattr(asked, name)) is not None:
            query = query.where(_REQUEST.c[name] == value)
    if asked.stores is not None:
        query = query.where(_REQUEST.c.store_id.in_(asked.stores))
    if asked.seen_by is not None:
        query = query.where(visible(_REQUEST, asked.seen_by))
    if before is not None:
        query = query.where(_REQUEST.c.id < before)
    rows = await session.execute(query.order_by(_REQUEST.c.id.desc()).limit(limit))
    return [_request(row) for row in rows.mappings()]


def _request(row: Mapping[Any, Any]) -> DefeatRequest:
    return DefeatRequest(
        id=row["id"],
        dealer_id=row["dealer_id"],
        lead_id=row["lead_id"],
        store_id=row["store_id"],
        reason=DefeatReason(row["reason"]),
        competitor=row["competitor"],
        note=row["note"],
        requested_by=row["requested_by"],
        requested_at=row["requested_at"],
        state=RequestState(row["state"]),
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        decision_note=row["decision_note"],
    )
