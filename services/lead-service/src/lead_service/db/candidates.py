"""Which defeated leads a signal speaks to: the policy's rules as one SQL condition.

The rules are data; here they become a `CASE` whose value is the place of the first rule that matches.
Rows come in the order of their lead ids, so that a matching of millions goes on where it stopped
and never holds more than one batch.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.lead_mapping import interest_of
from lead_service.db.tables import DefeatRow, LeadRow
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.interest import folded, model_key
from lead_service.domain.reactivation import Candidate, MatchingRule, ReactivationPolicy
from lead_service.domain.signal import MarketSignal

_DEFEAT: Table = DefeatRow.metadata.tables["defeat"]
_LEAD: Table = LeadRow.metadata.tables["lead"]


def next_candidates(signal: MarketSignal, policy: ReactivationPolicy, *, after: UUID | None, limit: int) -> Select[Any]:
    """The next `limit` candidates behind the lead `after`, locked, so that no other signal takes them at once.

    `place` is where the row lies, which the lock keeps it from leaving: to update thousands by it needs no index and no
    plan that turns into a scan.
    """
    candidates = _candidates(signal, policy, after).add_columns(literal_column("defeat.ctid").label("place"))
    return candidates.limit(literal_column(str(limit))).with_for_update(of=_DEFEAT)


async def page(
    session: AsyncSession, signal: MarketSignal, policy: ReactivationPolicy, *, after: UUID | None, limit: int
) -> list[Candidate]:
    """The same leads, only looked at."""
    return await _read(session, _candidates(signal, policy, after).limit(limit))


async def count(session: AsyncSession, signal: MarketSignal, policy: ReactivationPolicy) -> int:
    """How many there are."""
    found = _candidates(signal, policy, None).order_by(None).subquery()
    return (await session.execute(select(func.count()).select_from(found))).scalar_one()


def _candidates(signal: MarketSignal, policy: ReactivationPolicy, after: UUID | None) -> Select[Any]:
    rule = _first_rule(signal, policy)
    query = (
        select(_DEFEAT, rule.label("rule"))
        .where(
            _DEFEAT.c.dealer_id == signal.dealer_id,
            _DEFEAT.c.model_key == model_key(signal.make, signal.model),
            rule.is_not(None),
            _wants_the_trim(signal),
            _may_be_approached(signal, policy),
            ~_came_back(),
        )
        .order_by(_DEFEAT.c.lead_id)
    )
    return query if after is None else query.where(_DEFEAT.c.lead_id > after)


def _first_rule(signal: MarketSignal, policy: ReactivationPolicy) -> ColumnElement[Any]:
    whens = [
        (_matches(rule, signal), literal(place, Integer))
        for place, rule in enumerate(policy.rules)
        if signal.kind in rule.signals
    ]
    return case(*whens, else_=null()) if whens else null()


def _matches(rule: MatchingRule, signal: MarketSignal) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if rule.reasons:
        conditions.append(_DEFEAT.c.reason.in_(rule.reasons))
    if rule.older_than_days:
        conditions.append(_DEFEAT.c.defeated_at <= signal.received_at - timedelta(days=rule.older_than_days))
    if rule.same_competitor and signal.competitor:
        key = _DEFEAT.c.competitor_key
        conditions.append(or_(key.is_(None), key == folded(signal.competitor)))
    return and_(true(), *conditions)


def _wants_the_trim(signal: MarketSignal) -> ColumnElement[bool]:
    if not signal.trim:
        return true()
    return or_(_DEFEAT.c.trim_key.is_(None), _DEFEAT.c.trim_key == folded(signal.trim))


def _may_be_approached(signal: MarketSignal, policy: ReactivationPolicy) -> ColumnElement[bool]:
    last = _DEFEAT.c.last_attempt_at
    return and_(
        _DEFEAT.c.defeated_at <= signal.received_at,
        _DEFEAT.c.attempts < policy.max_attempts,
        or_(last.is_(None), last <= signal.received_at - policy.cool_off),
    )


def _came_back() -> ColumnElement[bool]:
    """Whether the person has a newer lead by now: then that one is worked, not the lost one."""
    lost, newer = _LEAD.alias("lost"), _LEAD.alias("newer")
    return exists(
        select(literal(1))
        .select_from(lost)
        .join(newer, and_(newer.c.dealer_id == lost.c.dealer_id, newer.c.phone == lost.c.phone))
        .where(
            lost.c.dealer_id == _DEFEAT.c.dealer_id,
            lost.c.id == _DEFEAT.c.lead_id,
            ~lost.c.phone_is_relay,
            ~newer.c.phone_is_relay,
            newer.c.captured_at > lost.c.captured_at,
        )
        .offset(literal_column("0"))  # looked up for each candidate, instead of joined for all leads of the dealer
    )


async def _read(session: AsyncSession, query: Select[Any]) -> list[Candidate]:
    return [
        Candidate(
            lead_id=row["lead_id"],
            store_id=row["store_id"],
            rule=row["rule"],
            reason=DefeatReason(row["reason"]),
            grade=Grade(row["grade"]),
            interest=interest_of(row),
            defeated_at=row["defeated_at"],
            attempts=row["attempts"],
        )
        for row in (await session.execute(query)).mappings()
    ]
