"""Approaches to lost leads in numbers: how many there were, and what became of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import ReactivationRow
from lead_service.domain.activation import Group, Tally
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.opportunity import OpportunityOutcome
from lead_service.domain.reactivation import ReactivationState
from lead_service.domain.rules import Strategy

_REACTIVATION: Table = ReactivationRow.metadata.tables["reactivation"]

_LATE = timedelta(hours=1)
"""So much later than the approach an id may have been drawn."""


@dataclass(frozen=True, slots=True)
class FiguresFilter:
    """Which re-activations of a dealer are counted: those of `since` ≤ reactivated_at < `until`.

    `stores` are those the asker may see; None is all.
    """

    dealer_id: UUID
    stores: Collection[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None
    store_id: UUID | None = None
    strategy: Strategy | None = None
    reason: DefeatReason | None = None
    signal_id: UUID | None = None


async def outcomes(session: AsyncSession, asked: FiguresFilter) -> Mapping[ReactivationState, Group]:
    """Both groups, by what became of their leads."""
    alike = (_REACTIVATION.c.state, _REACTIVATION.c.outcome)
    rows = (await session.execute(_of(select(*alike, func.count().label("leads")).group_by(*alike), asked))).all()
    return {
        state: Group({OpportunityOutcome(row.outcome): row.leads for row in rows if row.state == state})
        for state in ReactivationState
    }


async def tallies(session: AsyncSession, asked: FiguresFilter, *, now: datetime) -> list[Tally]:
    """The same, told apart by whether their time is over and by the share that was held out."""
    table = _REACTIVATION
    is_over = (table.c.expires_at < now).label("is_over")
    alike = (table.c.state, table.c.outcome, table.c.hold_out_percent, is_over)
    counted = select(*alike, func.count().label("leads")).group_by(*(column.name for column in alike))
    rows = await session.execute(_of(counted, asked))
    return [
        Tally(ReactivationState(r.state), OpportunityOutcome(r.outcome), r.hold_out_percent, r.is_over, r.leads)
        for r in rows
    ]


def _of(query: Select[Any], asked: FiguresFilter) -> Select[Any]:
    table = _REACTIVATION
    query = query.where(table.c.dealer_id == asked.dealer_id)
    for name in ("store_id", "strategy", "reason", "signal_id"):
        if (value := getattr(asked, name)) is not None:
            query = query.where(table.c[name] == value)
    if asked.stores is not None:
        query = query.where(table.c.store_id.in_(asked.stores))
    if asked.since is not None:
        query = query.where(table.c.reactivated_at >= asked.since, table.c.id >= _first_id_of(asked.since))
    if asked.until is not None:
        query = query.where(table.c.reactivated_at < asked.until, table.c.id < _first_id_of(asked.until + _LATE))
    return query


def _first_id_of(at: datetime) -> UUID:
    """The least UUIDv7 (RFC 9562, 5.7) of that millisecond: ids are in the order of time, and the key is by id."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
