"""Reassignments of many leads, and how far each has come."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from baoke_events.origin import Origin
from sqlalchemy import Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import lead_reads
from lead_service.db.lead_filter import LeadFilter, matching
from lead_service.db.tables import LeadRow, ReassignmentRow
from lead_service.domain.errors import ReassignmentNotFound
from lead_service.domain.grade import Grade
from lead_service.domain.reassignment import Reassignment, Wanted
from lead_service.domain.stage import Stage

_REASSIGNMENT: Table = ReassignmentRow.metadata.tables["reassignment"]
_LEAD: Table = LeadRow.metadata.tables["lead"]


async def add(session: AsyncSession, reassignment: Reassignment, *, origin: Origin) -> None:
    """The reassignment is on record, with the story that its events continue."""
    story = {"correlation_id": origin.correlation_id, "traceparent": origin.traceparent}
    await session.execute(insert(_REASSIGNMENT).values(**_row(reassignment), **story))


async def save(session: AsyncSession, reassignment: Reassignment) -> None:
    """How far it has come is on record. It was locked, or added, by the caller."""
    of = (_REASSIGNMENT.c.dealer_id == reassignment.dealer_id, _REASSIGNMENT.c.id == reassignment.id)
    await session.execute(update(_REASSIGNMENT).where(*of).values(**_row(reassignment)))


async def find(
    session: AsyncSession, dealer_id: UUID, reassignment_id: UUID, *, stores: Collection[UUID] | None
) -> Reassignment:
    """The reassignment.

    Raises:
        ReassignmentNotFound: the dealer has none like that, or not one for these stores only; None is all.
    """
    of = (_REASSIGNMENT.c.dealer_id == dealer_id, _REASSIGNMENT.c.id == reassignment_id)
    row = (await session.execute(select(_REASSIGNMENT).where(*of))).mappings().one_or_none()
    found = _reassignment(row) if row else None
    if found is None or (stores is not None and (found.stores is None or not found.stores <= set(stores))):
        raise ReassignmentNotFound(reassignment_id)
    return found


async def lock_next_open(session: AsyncSession) -> tuple[Reassignment, Origin] | None:
    """The oldest that is not finished, of all dealers, and that no other worker holds; locked."""
    query = select(_REASSIGNMENT).where(_REASSIGNMENT.c.finished_at.is_(None)).order_by(_REASSIGNMENT.c.id).limit(1)
    row = (await session.execute(query.with_for_update(skip_locked=True))).mappings().one_or_none()
    return (_reassignment(row), Origin(None, row["correlation_id"], row["traceparent"])) if row else None


async def count(session: AsyncSession, reassignment: Reassignment) -> int:
    """How many leads are meant."""
    return await lead_reads.count(session, _filter(reassignment))


async def next_leads(session: AsyncSession, reassignment: Reassignment, *, limit: int) -> list[UUID]:
    """The next `limit` of the leads that are meant, in the order of their ids."""
    query = (await matching(session, _filter(reassignment))).with_only_columns(_LEAD.c.id)
    if reassignment.moved_through is not None:
        query = query.where(_LEAD.c.id > reassignment.moved_through)
    return list((await session.execute(query.order_by(_LEAD.c.id).limit(limit))).scalars())


def _filter(reassignment: Reassignment) -> LeadFilter:
    wanted = reassignment.wanted
    return LeadFilter(
        dealer_id=reassignment.dealer_id,
        stores=reassignment.stores,
        ids=wanted.lead_ids,
        advisor_id=wanted.from_advisor_id,
        store_id=wanted.store_id,
        stages=wanted.stages,
        grades=wanted.grades,
        is_open=True,
        in_pool=wanted.from_pool,
    )


def _row(reassignment: Reassignment) -> dict[str, Any]:
    wanted = reassignment.wanted
    return {
        "dealer_id": reassignment.dealer_id,
        "id": reassignment.id,
        "stores": None if reassignment.stores is None else sorted(map(str, reassignment.stores)),
        "wanted": {
            "lead_ids": [str(lead_id) for lead_id in wanted.lead_ids],
            "from_advisor_id": str(wanted.from_advisor_id) if wanted.from_advisor_id else None,
            "from_pool": wanted.from_pool,
            "store_id": str(wanted.store_id) if wanted.store_id else None,
            "stages": list(wanted.stages),
            "grades": list(wanted.grades),
        },
        "to_advisors": [str(advisor_id) for advisor_id in reassignment.to_advisors],
        "note": reassignment.note,
        "asked_by": reassignment.asked_by,
        "asked_at": reassignment.asked_at,
        "matched": reassignment.matched,
        "moved": reassignment.moved,
        "moved_through": reassignment.moved_through,
        "finished_at": reassignment.finished_at,
    }


def _reassignment(row: Mapping[Any, Any]) -> Reassignment:
    wanted = row["wanted"]
    return Reassignment(
        dealer_id=row["dealer_id"],
        id=row["id"],
        stores=None if row["stores"] is None else frozenset(map(UUID, row["stores"])),
        wanted=Wanted(
            lead_ids=tuple(map(UUID, wanted["lead_ids"])),
            from_advisor_id=UUID(wanted["from_advisor_id"]) if wanted["from_advisor_id"] else None,
            from_pool=wanted["from_pool"],
            store_id=UUID(wanted["store_id"]) if wanted["store_id"] else None,
            stages=tuple(map(Stage, wanted["stages"])),
            grades=tuple(map(Grade, wanted["grades"])),
        ),
        to_advisors=tuple(map(UUID, row["to_advisors"])),
        note=row["note"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        matched=row["matched"],
        moved=row["moved"],
        moved_through=row["moved_through"],
        finished_at=row["finished_at"],
    )
