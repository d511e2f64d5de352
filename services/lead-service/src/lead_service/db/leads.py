"""Leads: opened, locked and saved."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from baoke_events.statements import fetch, sql_of
from sqlalchemy import ColumnElement, Select, Table, and_, false, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.lead_mapping import lead_of, row_of
from lead_service.db.recordset import bound, recordset
from lead_service.db.tables import LeadRow
from lead_service.domain.errors import LeadNotFound
from lead_service.domain.lead import Lead

_LEAD: Table = LeadRow.metadata.tables["lead"]
_COLUMNS = [column.name for column in _LEAD.columns]
_KEY = ["dealer_id", "id"]
_MUTABLE = [
    "advisor_id",
    "name",
    "email",
    "wecom_id",
    "consents",
    "make",
    "model",
    "trim",
    "budget_cents",
    "note",
    "stage",
    "touches",
    "next_contact_at",
    "follow_up_missed",
    "missed_follow_ups",
    "neglected_at",
    "grade",
    "decision_style",
    "follow_up_level",
    "follow_up_escalates_at",
    "respond_by",
    "responded_at",
    "response_minutes",
    "response_level",
    "response_escalates_at",
    "answerable_id",
    "ranked_at",
    "closed_at",
    "referral_code",
    "last_channel",
    "last_system",
    "last_source_id",
    "last_campaign",
    "last_touched_at",
]

_GIVEN = recordset(_LEAD, _COLUMNS)
_INSERT = insert(_LEAD).from_select(_COLUMNS, select(*(_GIVEN.c[name] for name in _COLUMNS)))
_OPEN_OR_LOCK = sql_of(
    _INSERT.on_conflict_do_update(
        index_elements=["dealer_id", "phone"],
        index_where=_LEAD.c.closed_at.is_(None) & ~_LEAD.c.phone_is_relay,
        set_={"touches": _LEAD.c.touches},
    ).returning(_LEAD.c.dealer_id, _LEAD.c.id)
)

_HELD = recordset(_LEAD, _KEY)
_READ = sql_of(select(_LEAD).join(_HELD, and_(*(_LEAD.c[name] == _HELD.c[name] for name in _KEY))))

_CHANGED = recordset(_LEAD, _KEY + _MUTABLE)
_UPDATE = sql_of(
    update(_LEAD)
    .where(_LEAD.c.dealer_id == _CHANGED.c.dealer_id, _LEAD.c.id == _CHANGED.c.id)
    .values({name: _CHANGED.c[name] for name in _MUTABLE})
)
_SAVE = f"""
WITH saved AS ({_UPDATE} RETURNING lead.dealer_id, lead.id, old.stage AS from_stage, new.stage AS to_stage)
INSERT INTO stage_change (dealer_id, id, lead_id, from_stage, to_stage, changed_by, changed_at)
SELECT dealer_id, uuidv7(), id, from_stage, to_stage, $2::text, $3::timestamptz FROM saved WHERE from_stage <> to_stage
"""

ACTOR = "lead_service.actor"
"""`session.info` key of who works leads in this transaction; the service itself, where nobody does."""


async def open_or_lock(session: AsyncSession, proposed: Sequence[Lead]) -> dict[tuple[UUID, str | None], Lead]:
    """Each person's open lead, locked: the one they had, else the proposed one, which is now stored.

    By dealer and phone; leads without an identifying phone are always stored and are not answered.
    A unique index decides, so that any number of transactions at once open one lead a person.
    """
    if not proposed:
        return {}
    new = {lead.id: lead for lead in proposed}
    held = await fetch(session, _OPEN_OR_LOCK, bound([row_of(lead) for lead in proposed]))
    known = [dict(row) for row in held if row["id"] not in new]
    leads = [new[row["id"]] for row in held if row["id"] in new]
    if known:
        leads += [lead_of(row) for row in await fetch(session, _READ, bound(known))]
    return {(lead.dealer_id, lead.contact.identifying_phone): lead for lead in leads if lead.contact.identifying_phone}


async def save(session: AsyncSession, leads: Sequence[Lead], *, at: datetime) -> None:
    """The leads' changes are stored, and every step that they took along the way `at` that moment is on record.

    All were locked by the caller.
    """
    if leads:
        by = session.info.get(ACTOR, "lead-service")
        await fetch(session, _SAVE, bound([row_of(lead) for lead in leads]), by, at)


async def reopen(session: AsyncSession, lead: Lead, *, at: datetime) -> UUID | None:
    """The closed lead, locked by the caller, is open as given, unless its person has an open one: answered then.

    A unique index decides, whatever arrives at the same time.
    """
    try:
        async with session.begin_nested():
            await save(session, [lead], at=at)
    except IntegrityError:
        of_person = (_LEAD.c.dealer_id == lead.dealer_id, _LEAD.c.phone == lead.contact.identifying_phone)
        opened = select(_LEAD.c.id).where(*of_person, _LEAD.c.closed_at.is_(None), ~_LEAD.c.phone_is_relay)
        found: UUID | None = await session.scalar(opened)
        if found is None:  # that one was closed between the two
            await save(session, [lead], at=at)
        return found
    return None


async def lock(session: AsyncSession, dealer_id: UUID, lead_id: UUID, *, stores: Collection[UUID] | None) -> Lead:
    """The lead, locked until the caller's commit.

    Raises:
        LeadNotFound: the dealer has no such lead, or not in these stores.
    """
    row = (await session.execute(one(dealer_id, lead_id, stores).with_for_update())).mappings().one_or_none()
    if row is None:
        raise LeadNotFound(lead_id)
    return lead_of(row)


def one(dealer_id: UUID, lead_id: UUID, stores: Collection[UUID] | None) -> Select[tuple[LeadRow]]:
    """One lead of a dealer, if it is in these stores; None admits all."""
    query = select(_LEAD).where(_LEAD.c.dealer_id == dealer_id, _LEAD.c.id == lead_id)
    return query if stores is None else query.where(_LEAD.c.store_id.in_(stores))


async def lock_all(session: AsyncSession, keys: Collection[tuple[UUID, UUID]]) -> list[Lead]:
    """The leads among these (dealer, lead) pairs, locked. Others are passed over.

    Locks are taken by phone, as an intake takes them, so that the two never wait on each other.
    """
    by_person = (_LEAD.c.dealer_id, _LEAD.c.phone.collate("C"), _LEAD.c.id)
    query = select(_LEAD).where(tuple_(_LEAD.c.dealer_id, _LEAD.c.id).in_(keys) if keys else false())
    rows = await session.execute(query.order_by(*by_person).with_for_update())
    return [lead_of(row) for row in rows.mappings()]


async def lock_overdue(session: AsyncSession, *, now: datetime, limit: int) -> list[Lead]:
    """Open leads of all dealers whose contact is overdue, and is to be reported at a further level, locked."""
    return await _lock_due(session, _LEAD.c.follow_up_escalates_at, now, limit)


async def lock_unanswered(session: AsyncSession, *, now: datetime, limit: int) -> list[Lead]:
    """Open leads of all dealers whose first answer is overdue, and is to be reported at a further level, locked."""
    return await _lock_due(session, _LEAD.c.response_escalates_at, now, limit)


async def lock_neglected(session: AsyncSession, *, now: datetime, limit: int) -> list[Lead]:
    """Leads of all dealers that their advisors are to lose by now, locked."""
    return await _lock_due(session, _LEAD.c.neglected_at, now, limit)


async def _lock_due(session: AsyncSession, due_at: ColumnElement[datetime], now: datetime, limit: int) -> list[Lead]:
    """The leads whose clock has come; those that another worker holds are left to it."""
    query = select(_LEAD).where(due_at <= now).order_by(due_at).limit(limit).with_for_update(skip_locked=True)
    return [lead_of(row) for row in (await session.execute(query)).mappings()]
