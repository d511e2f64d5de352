"""Follow-ups: what the dealer did about a lead, and what it did not do in time."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events.statements import fetch, sql_of
from sqlalchemy import Table, func, insert, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.recordset import bound, recordset
from lead_service.db.tables import FollowUpRow, MissedContactRow
from lead_service.domain.follow_up import ContactOutcome, FollowUp
from lead_service.domain.lead import Lead

_MISSED: Table = MissedContactRow.metadata.tables["missed_contact"]
_COLUMNS = [column.name for column in _MISSED.columns]
_GIVEN = recordset(_MISSED, _COLUMNS)
_ADD_MISSED = sql_of(
    upsert(_MISSED).from_select(_COLUMNS, select(*(_GIVEN.c[name] for name in _COLUMNS))).on_conflict_do_nothing()
)


async def add(session: AsyncSession, lead: Lead, follow_up: FollowUp) -> None:
    """The follow-up is part of the lead's history."""
    whose = {"store_id": lead.store_id, "lead_channel": lead.source.channel}
    row = {"dealer_id": lead.dealer_id, "lead_id": lead.id, **asdict(follow_up), **whose}
    await session.execute(insert(FollowUpRow).values(row))


async def add_missed(session: AsyncSession, leads: Sequence[Lead]) -> None:
    """The contacts that these leads are owed were missed; each counts once, however often that is said."""
    if leads:
        await fetch(session, _ADD_MISSED, bound([_missed(lead) for lead in leads]))


def _missed(lead: Lead) -> dict[str, Any]:
    return {
        "dealer_id": lead.dealer_id,
        "lead_id": lead.id,
        "due_at": lead.next_contact_at,
        "store_id": lead.store_id,
        "advisor_id": lead.advisor_id,
        "lead_channel": lead.source.channel,
    }


async def last_made(session: AsyncSession, lead: Lead) -> datetime | None:
    """When the dealer was last in touch with the lead, or tried; None if it never did."""
    row = FollowUpRow
    own = (row.dealer_id == lead.dealer_id, row.lead_id == lead.id)
    return (await session.execute(select(func.max(row.made_at)).where(*own))).scalar_one()


async def reached(session: AsyncSession, leads: Sequence[Lead]) -> Sequence[UUID]:
    """Those of the leads whose persons were talked to."""
    if not leads:
        return []
    row, keys = FollowUpRow, [(lead.dealer_id, lead.id) for lead in leads]
    talked = [outcome for outcome in ContactOutcome if outcome.reached_the_person]
    query = select(row.lead_id).where(tuple_(row.dealer_id, row.lead_id).in_(keys), row.outcome.in_(talked))
    return (await session.scalars(query.distinct())).all()


async def tries_since_reached(session: AsyncSession, dealer_id: UUID, lead_id: UUID) -> int:
    """How many contacts in a row, up to now, reached nobody."""
    row, reached = FollowUpRow, [outcome for outcome in ContactOutcome if outcome.reached_the_person]
    own = (row.dealer_id == dealer_id, row.lead_id == lead_id)
    last_reached = select(func.max(row.made_at)).where(*own, row.outcome.in_(reached)).scalar_subquery()
    tries = select(func.count()).where(*own, or_(last_reached.is_(None), row.made_at > last_reached))
    return (await session.execute(tries)).scalar_one()
