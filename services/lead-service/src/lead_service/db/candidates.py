"""Which defeated leads a signal speaks to: the policy's rules as one SQL condition.

The rules are data; here they become a `CASE` whose value is the place of the first rule that matches, and
what stands in for what becomes another, whose value is the similarity. Matching takes the leads of one model and
one reason at a time, in the order of their ids, as an index has them: so a matching of millions goes on
where it stopped and never holds more than one batch.
"""

from dataclasses import dataclass
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
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.lead_mapping import interest_of
from lead_service.db.tables import DefeatRow, LeadRow
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.interest import folded
from lead_service.domain.reactivation import Candidate, ReactivationPolicy, Segment
from lead_service.domain.rules import MatchingRule
from lead_service.domain.signal import MarketSignal
from lead_service.domain.substitutes import SAME, AcceptableCar

DEFEAT: Table = DefeatRow.metadata.tables["defeat"]
CANDIDATE = [
    DEFEAT.c[name]
    for name in ("lead_id", "store_id", "reason", "grade", "make", "model", "trim", "defeated_at", "attempts")
]
"""What is read of a candidate: each column travels through every step of the statement that judges it."""
_LEAD: Table = LeadRow.metadata.tables["lead"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk through the lost leads stands: behind this lead, or before the first of its segment."""

    segment: Segment
    lead_id: UUID | None = None


def next_candidates(signal: MarketSignal, policy: ReactivationPolicy, place: Place, *, limit: int) -> Select[Any]:
    """The next `limit` candidates of the segment behind the place, locked, so that no other signal takes them at once.

    `place` is where the row lies, which the lock keeps it from leaving: to update thousands by it needs no index and no
    plan that turns into a scan.
    """
    segment = (DEFEAT.c.model_key == place.segment.model_key, DEFEAT.c.reason == place.segment.reason)
    query = _candidates(signal, policy).where(*segment).order_by(DEFEAT.c.lead_id)
    if place.lead_id is not None:
        query = query.where(DEFEAT.c.lead_id > place.lead_id)
    query = query.add_columns(literal_column("defeat.ctid").label("place"))
    return query.limit(literal_column(str(limit))).with_for_update(of=DEFEAT)


async def page(
    session: AsyncSession, signal: MarketSignal, policy: ReactivationPolicy, *, after: Place | None, limit: int
) -> list[tuple[Place, Candidate]]:
    """The same leads of all segments, each with its place, only looked at."""
    in_order = (DEFEAT.c.model_key, DEFEAT.c.reason, DEFEAT.c.lead_id)
    query = _of_all_segments(signal, policy).add_columns(DEFEAT.c.model_key).order_by(*in_order).limit(limit)
    if after is not None:
        query = query.where(tuple_(*in_order) > (after.segment.model_key, after.segment.reason, after.lead_id))
    rows = (await session.execute(query)).mappings()
    return [
        (Place(Segment(row["model_key"], DefeatReason(row["reason"])), row["lead_id"]), candidate(row)) for row in rows
    ]


async def count(session: AsyncSession, signal: MarketSignal, policy: ReactivationPolicy) -> int:
    """How many there are."""
    found = _of_all_segments(signal, policy).subquery()
    return (await session.execute(select(func.count()).select_from(found))).scalar_one()


def candidate(row: Any) -> Candidate:
    """The candidate of a row."""
    return Candidate(
        lead_id=row["lead_id"],
        store_id=row["store_id"],
        rule=row["rule"],
        reason=DefeatReason(row["reason"]),
        grade=Grade(row["grade"]),
        interest=interest_of(row),
        defeated_at=row["defeated_at"],
        attempts=row["attempts"],
        similarity=row["similarity"],
    )


def came_back() -> ColumnElement[bool]:
    """Whether the person has a newer lead by now: then that one is worked, not the lost one."""
    newer = _LEAD.alias("newer")
    return exists(
        select(literal(1))
        .where(
            newer.c.dealer_id == DEFEAT.c.dealer_id,
            newer.c.phone == DEFEAT.c.phone,
            ~newer.c.phone_is_relay,
            newer.c.captured_at > DEFEAT.c.captured_at,
        )
        .offset(literal_column("0"))  # looked up for each candidate, instead of joined for all leads of the dealer
    )


def _of_all_segments(signal: MarketSignal, policy: ReactivationPolicy) -> Select[Any]:
    segments = policy.segments(signal)
    return _candidates(signal, policy).where(
        DEFEAT.c.model_key.in_(sorted({segment.model_key for segment in segments})),
        DEFEAT.c.reason.in_(sorted({segment.reason for segment in segments})),
    )


def _candidates(signal: MarketSignal, policy: ReactivationPolicy) -> Select[Any]:
    acceptable = policy.acceptable_for(signal)
    similarity = _similarity(acceptable, signal)
    rule = _first_rule(signal, policy, similarity, {car.similarity for car in acceptable})
    return select(*CANDIDATE, rule.label("rule"), similarity.label("similarity")).where(
        DEFEAT.c.dealer_id == signal.dealer_id,
        rule.is_not(None),
        _may_be_approached(signal, policy),
        ~came_back(),
    )


def _similarity(acceptable: tuple[AcceptableCar, ...], signal: MarketSignal) -> ColumnElement[Any]:
    whens = [(_asked_for(car, signal), literal(car.similarity, Integer)) for car in acceptable]
    return case(*whens, else_=null())


def _asked_for(car: AcceptableCar, signal: MarketSignal) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [DEFEAT.c.model_key == car.model_key]
    if car.trim_key is not None:
        conditions.append(or_(DEFEAT.c.trim_key.is_(None), DEFEAT.c.trim_key == car.trim_key))
    if car.price_band_percent is not None and signal.price_to_cents is not None:
        affordable = DEFEAT.c.budget_cents * (100 + car.price_band_percent) >= signal.price_to_cents * 100
        conditions.append(or_(DEFEAT.c.budget_cents.is_(None), affordable))
    return and_(*conditions)


def _first_rule(
    signal: MarketSignal, policy: ReactivationPolicy, similarity: ColumnElement[Any], possible: set[int]
) -> ColumnElement[Any]:
    whens = [
        (_matches(rule, signal, similarity), literal(place, Integer))
        for place, rule in enumerate(policy.rules)
        if signal.kind in rule.signals and any(rule.accepts(each) for each in possible)
    ]
    return case(*whens, else_=null()) if whens else cast(null(), Integer)


def _matches(rule: MatchingRule, signal: MarketSignal, similarity: ColumnElement[Any]) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if rule.reasons:
        conditions.append(DEFEAT.c.reason.in_(rule.reasons))
    if rule.older_than_days:
        conditions.append(DEFEAT.c.defeated_at <= signal.received_at - timedelta(days=rule.older_than_days))
    if rule.same_competitor and signal.competitor:
        key = DEFEAT.c.competitor_key
        conditions.append(or_(key.is_(None), key == folded(signal.competitor)))
    if rule.least_similarity is None:
        conditions.append(similarity == SAME)
    else:
        conditions.append(and_(similarity >= rule.least_similarity, similarity < SAME))
    return and_(true(), *conditions)


def _may_be_approached(signal: MarketSignal, policy: ReactivationPolicy) -> ColumnElement[bool]:
    last, declined_until = DEFEAT.c.last_attempt_at, DEFEAT.c.declined_until
    return and_(
        DEFEAT.c.defeated_at <= signal.received_at,
        DEFEAT.c.attempts < policy.max_attempts,
        or_(last.is_(None), last <= signal.received_at - policy.cool_off),
        or_(declined_until.is_(None), declined_until <= signal.received_at),
    )
