"""Touches: what arrived, once each, and whose lead it belongs to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events.statements import fetch, sql_of
from sqlalchemy import Table, and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.lead_mapping import lead_of
from lead_service.db.recordset import bound, recordset
from lead_service.db.tables import LeadRow, TouchRow
from lead_service.domain.capture import Inquiry
from lead_service.domain.lead import Lead

_TOUCH: Table = TouchRow.metadata.tables["touch"]
_LEAD: Table = LeadRow.metadata.tables["lead"]
_COLUMNS = [column.name for column in _TOUCH.columns]

_GIVEN = recordset(_TOUCH, _COLUMNS)
_CLAIM = sql_of(
    insert(_TOUCH)
    .from_select(_COLUMNS, select(*(_GIVEN.c[name] for name in _COLUMNS)))
    .on_conflict_do_nothing(
        index_elements=["dealer_id", "source_system", "source_id"], index_where=_TOUCH.c.source_id.is_not(None)
    )
    .returning(_TOUCH.c.id)
)

_MOVED = recordset(_TOUCH, ["dealer_id", "id", "lead_id"])
_MOVE = sql_of(
    update(_TOUCH)
    .where(_TOUCH.c.dealer_id == _MOVED.c.dealer_id, _TOUCH.c.id == _MOVED.c.id)
    .values(lead_id=_MOVED.c.lead_id)
)

_SOURCE = ["dealer_id", "source_system", "source_id"]
_ASKED = recordset(_TOUCH, _SOURCE)
_LEADS_OF = sql_of(
    select(_TOUCH.c.source_system.label("key_system"), _TOUCH.c.source_id.label("key_id"), *_LEAD.columns)
    .join(_ASKED, and_(*(_TOUCH.c[name] == _ASKED.c[name] for name in _SOURCE)))
    .join(_LEAD, and_(_LEAD.c.dealer_id == _TOUCH.c.dealer_id, _LEAD.c.id == _TOUCH.c.lead_id))
)

SourceKey = tuple[UUID, str, str | None]
"""Dealer, system and source id of an inquiry."""


def source_key(inquiry: Inquiry) -> SourceKey:
    """What makes two arrivals the same inquiry."""
    return inquiry.dealer_id, inquiry.source.system, inquiry.source.source_id


async def claim(session: AsyncSession, inquiries: Sequence[Inquiry], *, now: datetime) -> set[UUID]:
    """Store the inquiries that have not arrived before; answer their ids.

    Waits for a transaction that is just claiming the same source id: once this returns, the other
    one's lead is visible or it is gone. Rows go in by source, so that no two claims wait on each other.
    """
    rows = [_row(inquiry, now) for inquiry in sorted(inquiries, key=_order)]
    return {row["id"] for row in await fetch(session, _CLAIM, bound(rows))}


async def move(session: AsyncSession, lead_of_touch: Mapping[tuple[UUID, UUID], UUID]) -> None:
    """The touches, by (dealer, touch), belong to these leads."""
    if lead_of_touch:
        rows = [{"dealer_id": key[0], "id": key[1], "lead_id": lead_id} for key, lead_id in lead_of_touch.items()]
        await fetch(session, _MOVE, bound(rows))


async def leads_of(session: AsyncSession, keys: Collection[SourceKey]) -> dict[SourceKey, Lead]:
    """The leads that inquiries of these sources belong to."""
    if not keys:
        return {}
    rows = await fetch(session, _LEADS_OF, bound([dict(zip(_SOURCE, key, strict=True)) for key in keys]))
    return {(row["dealer_id"], row["key_system"], row["key_id"]): lead_of(row) for row in rows}


def _order(inquiry: Inquiry) -> tuple[str, str, str]:
    return str(inquiry.dealer_id), inquiry.source.system, inquiry.source.source_id or ""


def _row(inquiry: Inquiry, now: datetime) -> dict[str, Any]:
    return {
        "dealer_id": inquiry.dealer_id,
        "id": inquiry.id,
        "lead_id": inquiry.lead_id,
        "store_id": inquiry.store_id,
        "channel": inquiry.source.channel.value,
        "source_system": inquiry.source.system,
        "source_id": inquiry.source.source_id,
        "campaign": inquiry.source.campaign,
        "name": inquiry.contact.name,
        "make": inquiry.interest.make,
        "model": inquiry.interest.model,
        "trim": inquiry.interest.trim,
        "budget_cents": inquiry.interest.budget_cents,
        "referral_code": inquiry.referral_code,
        "note": inquiry.note,
        "requested_at": inquiry.requested_at,
        "touched_at": now,
    }
