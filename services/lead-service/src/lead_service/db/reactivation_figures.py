"""Approaches to lost leads in numbers: how many there were, and what became of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import ReactivationRow
from lead_service.domain.activation import Group
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


async def count(session: AsyncSession, asked: FiguresFilter) -> Mapping[ReactivationState, Group]:
    """Both groups, by what became of their leads."""
    table, leads = _REACTIVATION, func.count()
    query = select(table.c.state, table.c.outcome, leads.label("leads")).group_by(table.c.state, table.c.outcome)
    rows = (await session.execute(_of(query, asked))).all()
    return {
        state: Group({OpportunityOutcome(row.outcome): row.leads for row in rows if row.state == state})
        for state in ReactivationState
    }


def _of(query: Select[tuple[str, str, int]], asked: FiguresFilter) -> Select[tuple[str, str, int]]:
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
