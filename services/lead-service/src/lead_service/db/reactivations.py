"""Reactivations: stored once a lead and signal, and read with what became of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, Table, and_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import LeadRow, MarketSignalRow, ReactivationRow
from lead_service.domain.reactivation import ReactivationState

_REACTIVATION: Table = ReactivationRow.metadata.tables["reactivation"]
_LEAD: Table = LeadRow.metadata.tables["lead"]
_SIGNAL: Table = MarketSignalRow.metadata.tables["market_signal"]


@dataclass(frozen=True, slots=True)
class ReactivationFilter:
    """Which reactivations of a dealer are asked for. `stores` are those the asker may see; None is all."""

    dealer_id: UUID
    stores: Collection[UUID] | None = None
    lead_id: UUID | None = None
    signal_id: UUID | None = None
    state: ReactivationState | None = None


async def page(
    session: AsyncSession, asked: ReactivationFilter, *, before: UUID | None, limit: int
) -> Sequence[RowMapping]:
    """Up to `limit` reactivations older than `before`, newest first, each with its signal and its successor.

    The successor is the first lead of the same phone that came after the approach: its stage tells
    whether the person was re-engaged, or won. It is looked up, not kept, so that it is always right.
    """
    query = _with_successor().where(_REACTIVATION.c.dealer_id == asked.dealer_id)
    for name in ("lead_id", "signal_id", "state"):
        if (value := getattr(asked, name)) is not None:
            query = query.where(_REACTIVATION.c[name] == value)
    if asked.stores is not None:
        query = query.where(_REACTIVATION.c.store_id.in_(asked.stores))
    if before is not None:
        query = query.where(_REACTIVATION.c.id < before)
    rows = await session.execute(query.order_by(_REACTIVATION.c.id.desc()).limit(limit))
    return list(rows.mappings())


def _with_successor() -> Select[Any]:
    lost, newer = _LEAD.alias("lost"), _LEAD.alias("newer")
    successor = (
        select(newer.c.id.label("successor_lead_id"), newer.c.stage.label("successor_stage"))
        .where(
            newer.c.dealer_id == lost.c.dealer_id,
            newer.c.phone == lost.c.phone,
            ~lost.c.phone_is_relay,
            ~newer.c.phone_is_relay,
            newer.c.captured_at > _REACTIVATION.c.reactivated_at,
        )
        .order_by(newer.c.captured_at)
        .limit(1)
        .lateral()
    )
    return (
        select(_REACTIVATION, _SIGNAL.c.kind.label("signal_kind"), *successor.c)
        .join(_SIGNAL, _same(_SIGNAL, "signal_id"))
        .join(lost, _same(lost, "lead_id"))
        .outerjoin(successor, true())
    )


def _same(other: Any, column: str) -> Any:
    return and_(other.c.dealer_id == _REACTIVATION.c.dealer_id, other.c.id == _REACTIVATION.c[column])
