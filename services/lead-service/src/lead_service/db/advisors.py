"""Rosters, and how many open leads each advisor has.

Whoever gives leads to advisors locks them first, in the order of their ids and after the leads: so loads are exact,
and nobody gets more than they can take. A load is counted in an index of open leads by advisor.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from baoke_events.statements import fetch
from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import AdvisorRow
from lead_service.domain.advisor import Advisor, Skills, Standing
from lead_service.domain.errors import AdvisorNotFound
from lead_service.domain.source import Channel

Key = tuple[UUID, UUID]
"""Dealer and advisor, or dealer and store."""

_ADVISOR: Table = AdvisorRow.metadata.tables["advisor"]

_READ = "SELECT * FROM advisor WHERE {which} IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) ORDER BY dealer_id, id"
_READ_THESE = _READ.format(which="(dealer_id, id)")
_LOCK_THESE = f"{_READ_THESE} FOR NO KEY UPDATE"
_LOCK_STORES = f"{_READ.format(which='(dealer_id, store_id)')} FOR NO KEY UPDATE"
_LOADS = """
SELECT dealer_id, advisor_id, count(*) AS open_leads FROM lead
WHERE (dealer_id, advisor_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) AND closed_at IS NULL
  AND advisor_id IS NOT NULL
GROUP BY dealer_id, advisor_id
"""
_MARK = """
UPDATE advisor SET last_assigned_at = $3
WHERE (dealer_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
"""


async def of(session: AsyncSession, keys: Collection[Key]) -> dict[UUID, Standing]:
    """Where these (dealer, advisor) pairs stand, by advisor. Who is on no roster is not among them."""
    return await _standings(session, await fetch(session, _READ_THESE, *_columns(keys)))


async def lock(session: AsyncSession, keys: Collection[Key]) -> dict[UUID, Standing]:
    """As `of`, locked until the caller's commit."""
    return await _standings(session, await fetch(session, _LOCK_THESE, *_columns(keys)))


async def lock_stores(session: AsyncSession, stores: Collection[Key]) -> dict[UUID, Standing]:
    """Where the rosters of these (dealer, store) pairs stand, by advisor, locked."""
    return await _standings(session, await fetch(session, _LOCK_STORES, *_columns(stores)))


async def mark_assigned(session: AsyncSession, keys: Collection[Key], *, at: datetime) -> None:
    """These (dealer, advisor) pairs got a lead just now. All were locked by the caller."""
    if keys:
        await fetch(session, _MARK, *_columns(keys), at)


async def find(
    session: AsyncSession, dealer_id: UUID, advisor_id: UUID, *, stores: Collection[UUID] | None = None
) -> tuple[Standing, int]:
    """Where the advisor stands, and the version of the roster's entry.

    Raises:
        AdvisorNotFound: they are on none of the dealer's rosters, or on none of these stores; None is all.
    """
    query = select(_ADVISOR).where(_ADVISOR.c.dealer_id == dealer_id, _ADVISOR.c.id == advisor_id)
    row = (await session.execute(query)).mappings().one_or_none()
    if row is None or (stores is not None and row["store_id"] not in stores):
        raise AdvisorNotFound(advisor_id)
    loads = await _loads(session, [(dealer_id, advisor_id)])
    return _standing(row, loads), row["version"]


async def page(
    session: AsyncSession,
    dealer_id: UUID,
    *,
    stores: Collection[UUID] | None,
    store_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[Standing]:
    """Up to `limit` advisors of these stores (None: all) behind the one `after`, in the order of their ids."""
    query = select(_ADVISOR).where(_ADVISOR.c.dealer_id == dealer_id)
    if stores is not None:
        query = query.where(_ADVISOR.c.store_id.in_(stores))
    if store_id is not None:
        query = query.where(_ADVISOR.c.store_id == store_id)
    if after is not None:
        query = query.where(_ADVISOR.c.id > after)
    rows = (await session.execute(query.order_by(_ADVISOR.c.id).limit(limit))).mappings().all()
    loads = await _loads(session, [(dealer_id, row["id"]) for row in rows])
    return [_standing(row, loads) for row in rows]


async def version(session: AsyncSession, dealer_id: UUID, advisor_id: UUID) -> int:
    """The version of the roster's entry, locked; 0 if there is none."""
    query = select(_ADVISOR.c.version).where(_ADVISOR.c.dealer_id == dealer_id, _ADVISOR.c.id == advisor_id)
    return (await session.execute(query.with_for_update())).scalar_one_or_none() or 0


async def add(session: AsyncSession, advisor: Advisor) -> bool:
    """Whether the advisor is new on the roster; who was on one already, stays as they were."""
    added = insert(_ADVISOR).values(**_row(advisor), version=1).on_conflict_do_nothing().returning(_ADVISOR.c.id)
    return (await session.execute(added)).scalar_one_or_none() is not None


async def save(session: AsyncSession, advisor: Advisor) -> None:
    """The roster says this of the advisor, whose entry was locked by the caller."""
    of = (_ADVISOR.c.dealer_id == advisor.dealer_id, _ADVISOR.c.id == advisor.id)
    await session.execute(update(_ADVISOR).where(*of).values(**_row(advisor), version=_ADVISOR.c.version + 1))


async def remove(session: AsyncSession, advisor: Advisor) -> None:
    """The advisor is on no roster any more."""
    await session.execute(
        delete(_ADVISOR).where(_ADVISOR.c.dealer_id == advisor.dealer_id, _ADVISOR.c.id == advisor.id)
    )


async def _standings(session: AsyncSession, rows: Collection[Record]) -> dict[UUID, Standing]:
    """The loads are read after the locks are held, so that what the one before gave away is counted."""
    loads = await _loads(session, [(row["dealer_id"], row["id"]) for row in rows])
    return {row["id"]: _standing(row, loads) for row in rows}


async def _loads(session: AsyncSession, keys: Collection[Key]) -> dict[Key, int]:
    rows = await fetch(session, _LOADS, *_columns(keys)) if keys else ()
    return {(row["dealer_id"], row["advisor_id"]): row["open_leads"] for row in rows}


def _columns(keys: Iterable[Key]) -> tuple[list[UUID], list[UUID]]:
    pairs = sorted(set(keys))
    return [dealer_id for dealer_id, _ in pairs], [other for _, other in pairs]


def _row(advisor: Advisor) -> dict[str, Any]:
    skills = advisor.skills
    return {
        "dealer_id": advisor.dealer_id,
        "id": advisor.id,
        "store_id": advisor.store_id,
        "name": advisor.name,
        "makes": sorted(skills.makes),
        "models": sorted(skills.models),
        "channels": sorted(skills.channels),
        "languages": sorted(skills.languages),
        "capacity": advisor.capacity,
        "is_active": advisor.is_active,
        "away_until": advisor.away_until,
    }


def _standing(row: Mapping[Any, Any] | Record, loads: Mapping[Key, int]) -> Standing:
    skills = Skills(
        makes=frozenset(row["makes"]),
        models=frozenset(row["models"]),
        channels=frozenset(Channel(channel) for channel in row["channels"]),
        languages=frozenset(row["languages"]),
    )
    advisor = Advisor(
        dealer_id=row["dealer_id"],
        id=row["id"],
        store_id=row["store_id"],
        name=row["name"],
        skills=skills,
        capacity=row["capacity"],
        is_active=row["is_active"],
        away_until=row["away_until"],
    )
    return Standing(advisor, loads.get((advisor.dealer_id, advisor.id), 0), row["last_assigned_at"])
