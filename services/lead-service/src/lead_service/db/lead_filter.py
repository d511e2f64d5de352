"""Which leads are asked for, as conditions that indexes answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    TextClause,
    and_,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
    union,
)
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import MODEL_KEY, PHONE_KEY, LeadRow
from lead_service.domain.grade import Grade
from lead_service.domain.search import Words
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

_LEAD: Table = LeadRow.metadata.tables["lead"]
_LAST = "\U0010ffff"
"""Behind every text that goes on."""

_LONGEST_INTAKE = timedelta(hours=1)
"""No lead's id is older, or newer, by that than its `captured_at`."""

MODELS = f"""
WITH RECURSIVE known AS (
    (SELECT {MODEL_KEY} AS model FROM lead WHERE dealer_id = $1 ORDER BY {MODEL_KEY} USING ~<~ LIMIT 1)
    UNION ALL
    SELECT (SELECT {MODEL_KEY} FROM lead WHERE dealer_id = $1 AND {MODEL_KEY} ~>~ known.model
            ORDER BY {MODEL_KEY} USING ~<~ LIMIT 1)
    FROM known WHERE known.model IS NOT NULL
)
SELECT model FROM known WHERE strpos(model, $2) > 0
"""
"""The models of a dealer's leads that contain a text: each is one probe of the index, however many leads ask for it."""

VISIBLE = """EXISTS (
    SELECT FROM lead seen WHERE seen.dealer_id = {of}.dealer_id AND seen.id = {of}.lead_id
      AND (seen.advisor_id = {advisor} OR (seen.advisor_id IS NULL AND seen.closed_at IS NULL))
)"""
"""Whether the lead of a row of the table `of` is the advisor's own, or lies in the pool (公海)."""

_NAMED = text("""
to_tsvector('simple', name_terms(lead.dealer_id, lead.name))
    @@ (nullif(phraseto_tsquery('simple', name_terms(:dealer, :typed))::text, '') || ':*')::tsquery
""")
"""Whether a name has the words and signs of a text next to each other, the last of which may go on."""


class LeadSort(StrEnum):
    """The order of a list: captured last first, owed a contact first first, or closed last first."""

    NEWEST = "newest"
    NEXT_CONTACT = "next_contact"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` on, up to but without `until`."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """Which leads of a dealer are asked for. `stores` are those the asker may see; None is all.

    With `seen_by` they are this advisor's own and what lies in the pool. Nothing named narrows nothing.
    """

    dealer_id: UUID
    stores: Collection[UUID] | None = None
    seen_by: UUID | None = None
    ids: Collection[UUID] = ()
    stages: Collection[Stage] = ()
    grades: Collection[Grade] = ()
    store_id: UUID | None = None
    advisor_id: UUID | None = None
    channel: Channel | None = None
    campaign: str | None = None
    captured: Span = Span()
    next_contact: Span = Span()
    closed: Span = Span()
    words: Words | None = None
    is_open: bool | None = None
    in_pool: bool = False


async def matching(session: AsyncSession, asked: LeadFilter) -> Select[Any]:
    """The query for these leads, in no order."""
    return _all_of(asked).where(or_(*await _alternatives(session, asked)))


async def one_page(
    session: AsyncSession, asked: LeadFilter, sort: LeadSort, *, after: Collection[Any] | None, limit: int
) -> Select[Any]:
    """The query for `limit` of these leads in this order, behind what the page before ended with.

    Each alternative is asked by itself for as many, for PostgreSQL knows the best way to each, but none to all at once.
    """
    ways = [
        sorted_by(_all_of(asked).where(way).with_only_columns(_LEAD.c.id), sort, after=after).limit(limit)
        for way in await _alternatives(session, asked)
    ]
    if len(ways) == 1:
        return sorted_by(await matching(session, asked), sort, after=after).limit(limit)
    found = union(*(select(way.subquery().c.id) for way in ways))
    leads = select(_LEAD).where(_LEAD.c.dealer_id == asked.dealer_id, _LEAD.c.id.in_(found))
    return sorted_by(leads, sort, after=None).limit(limit)


def sorted_by(query: Select[Any], sort: LeadSort, *, after: Collection[Any] | None) -> Select[Any]:
    """The query in this order, behind what the page before ended with: an id, behind an instant if sorted by one."""
    if sort is LeadSort.NEXT_CONTACT:
        key = (_LEAD.c.next_contact_at, _LEAD.c.id)
        query = query.where(_LEAD.c.closed_at.is_(None)).order_by(*key)
        return query if after is None else query.where(tuple_(*key) > tuple_(*map(literal, after)))
    if sort is LeadSort.CLOSED:
        key = (_LEAD.c.closed_at, _LEAD.c.id)
        query = query.where(_LEAD.c.closed_at.is_not(None)).order_by(*(column.desc() for column in key))
        return query if after is None else query.where(tuple_(*key) < tuple_(*map(literal, after)))
    query = query.order_by(_LEAD.c.id.desc())
    return query if after is None else query.where(_LEAD.c.id < next(iter(after)))


def in_the_pool() -> ColumnElement[bool]:
    """Whether a lead is open and nobody's."""
    return and_(_LEAD.c.advisor_id.is_(None), _LEAD.c.closed_at.is_(None))


def visible(of: Table, advisor_id: UUID) -> TextClause:
    """Whether the lead that a row belongs to is the advisor's own, or lies in the pool (公海)."""
    return text(VISIBLE.format(of=of.name, advisor=":seen_by")).bindparams(seen_by=advisor_id)


def _all_of(asked: LeadFilter) -> Select[Any]:
    return select(_LEAD).where(_LEAD.c.dealer_id == asked.dealer_id, *_equal(asked), *_within(asked), *_seen(asked))


async def _alternatives(session: AsyncSession, asked: LeadFilter) -> list[ColumnElement[bool]]:
    """What a lead may be like, any of them: whose it is, and how what was typed is found in it.

    Who sees the pool without its numbers is not answered by them.
    """
    said = await _said(session, asked.dealer_id, asked.words) if asked.words else [true()]
    ended = [_begins(PHONE_KEY, asked.words.number_end)] if asked.words and asked.words.number_end else []
    if asked.seen_by is None:
        return [*said, *ended]
    own = _LEAD.c.advisor_id == asked.seen_by
    return [*(and_(own, way) for way in (*said, *ended)), *(and_(in_the_pool(), way) for way in said)]


def _equal(asked: LeadFilter) -> list[ColumnElement[bool]]:
    named = {name: getattr(asked, name) for name in ("store_id", "advisor_id", "channel", "campaign")}
    conditions: list[ColumnElement[bool]] = [
        _LEAD.c[name] == value for name, value in named.items() if value is not None
    ]
    if asked.ids:
        conditions.append(_LEAD.c.id.in_(list(asked.ids)))
    if asked.stages:
        conditions.append(_LEAD.c.stage.in_(list(asked.stages)))
    if asked.grades:
        conditions.append(_LEAD.c.grade.in_(list(asked.grades)))
    return conditions


def _within(asked: LeadFilter) -> list[ColumnElement[bool]]:
    spans = {"captured_at": asked.captured, "next_contact_at": asked.next_contact, "closed_at": asked.closed}
    conditions: list[ColumnElement[bool]] = [_LEAD.c[name] >= span.since for name, span in spans.items() if span.since]
    if asked.captured.since:
        conditions.append(_LEAD.c.id >= _first_id(asked.captured.since, -_LONGEST_INTAKE))
    if asked.captured.until:
        conditions.append(_LEAD.c.id < _first_id(asked.captured.until, _LONGEST_INTAKE))
    return conditions + [_LEAD.c[name] < span.until for name, span in spans.items() if span.until]


def _first_id(at: datetime, later: timedelta) -> UUID:
    """Below the ids that are made from so much later on: ids are made in the order of time (RFC 9562, 5.7)."""
    return UUID(int=int(max((at.timestamp() + later.total_seconds()) * 1000, 0)) << 80)


def _seen(asked: LeadFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.stores is not None:
        conditions.append(_LEAD.c.store_id.in_(list(asked.stores)))
    if asked.in_pool:
        conditions.append(in_the_pool())
    if asked.is_open is not None:
        conditions.append(_LEAD.c.closed_at.is_(None) if asked.is_open else _LEAD.c.closed_at.is_not(None))
    return conditions


async def _said(session: AsyncSession, dealer_id: UUID, words: Words) -> list[ColumnElement[bool]]:
    """A name has these words and signs next to each other, or a model contains it."""
    ways: list[ColumnElement[bool]] = [and_(_NAMED.bindparams(dealer=dealer_id, typed=words.typed))]
    models = [row["model"] for row in await fetch(session, MODELS, dealer_id, words.text)]
    if models:
        ways.append(literal_column(f"({MODEL_KEY})").in_(models))
    return ways


def _begins(key: str, text: str) -> ColumnElement[bool]:
    column: ColumnElement[str] = literal_column(f"({key})")
    return and_(column.op("~>=~", is_comparison=True)(text), column.op("~<~", is_comparison=True)(text + _LAST))
