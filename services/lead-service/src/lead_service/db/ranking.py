"""The places of a dealer's open leads in their advisors' worklists, by weights that changed.

The rule is `domain.worklist.ranked`; here it is the same in SQL, for leads by the thousand. A test holds the two
against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Float,
    Interval,
    Table,
    Uuid,
    any_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import LeadRow, WorklistRankingRow
from lead_service.domain.grade import Grade
from lead_service.domain.stage import Stage
from lead_service.domain.worklist import WorklistPolicy

_LEAD: Table = LeadRow.metadata.tables["lead"]
_RANKING: Table = WorklistRankingRow.metadata.tables["worklist_ranking"]

_IDS = ARRAY(Uuid)

_NOTICE = text("""
INSERT INTO worklist_ranking (dealer_id, policy_version, weights, target)
SELECT newest.dealer_id, 0, :default_weights, newest.version
FROM (SELECT dealer_id, max(version) AS version FROM policy GROUP BY dealer_id) newest
LEFT JOIN worklist_ranking known USING (dealer_id)
WHERE known.target IS NULL OR known.target < newest.version
ON CONFLICT (dealer_id) DO UPDATE SET target = excluded.target, through = NULL
""")


@dataclass(frozen=True, slots=True)
class Ranking:
    """The weights a dealer's leads are ranked by, the rules' version to rank them by, and how far that has come."""

    dealer_id: UUID
    weights: str
    target: int
    through: UUID | None


async def lock_next_stale(session: AsyncSession, *, default_weights: str) -> Ranking | None:
    """A dealer whose leads are ranked by older rules than those in force, that no other worker holds; locked.

    Leads of a dealer that never set rules stand by `default_weights`.
    """
    await session.execute(_NOTICE, {"default_weights": default_weights})
    stale = select(_RANKING).where(_RANKING.c.policy_version < _RANKING.c.target).order_by(_RANKING.c.dealer_id)
    row = (await session.execute(stale.limit(1).with_for_update(skip_locked=True))).mappings().one_or_none()
    return Ranking(row["dealer_id"], row["weights"], row["target"], row["through"]) if row else None


async def rank(
    session: AsyncSession, ranking: Ranking, policy: WorklistPolicy, *, limit: int
) -> tuple[int, UUID | None]:
    """The next `limit` open leads, by their ids, are in their places. Answers how many there were, and the last.

    They are locked by phone, as an intake locks them, so that the two never wait on each other.
    """
    wanted = select(_LEAD.c.id).where(_LEAD.c.dealer_id == ranking.dealer_id, _LEAD.c.closed_at.is_(None))
    if ranking.through is not None:
        wanted = wanted.where(_LEAD.c.id > ranking.through)
    ids = list(await session.scalars(wanted.order_by(_LEAD.c.id).limit(limit)))
    found = select(_LEAD.c.id).where(_LEAD.c.dealer_id == ranking.dealer_id, _LEAD.c.id == any_(literal(ids, _IDS)))
    open_ = found.where(_LEAD.c.closed_at.is_(None))
    locked = open_.order_by(_LEAD.c.phone.collate("C"), _LEAD.c.id).with_for_update().cte("locked")
    await session.execute(
        update(_LEAD)
        .where(_LEAD.c.dealer_id == ranking.dealer_id, _LEAD.c.id == locked.c.id)
        .values(ranked_at=_place(policy))
    )
    return len(ids), ids[-1] if ids else None


async def advance(session: AsyncSession, ranking: Ranking, *, through: UUID | None) -> None:
    """The leads up to `through` are in their places; no weights are everybody's meanwhile."""
    await session.execute(_of(ranking).values(through=through, weights=""))


async def finish(session: AsyncSession, ranking: Ranking, weights: str) -> None:
    """All leads are in their places by these weights."""
    await session.execute(_of(ranking).values(policy_version=ranking.target, weights=weights, through=None))


def _of(ranking: Ranking) -> Any:
    return update(_RANKING).where(_RANKING.c.dealer_id == ranking.dealer_id)


def _place(policy: WorklistPolicy) -> ColumnElement[Any]:
    awaits = (_LEAD.c.stage == Stage.NEW) & _LEAD.c.responded_at.is_(None) & _LEAD.c.respond_by.is_not(None)
    due_at = func.least(_LEAD.c.next_contact_at, case((awaits, _LEAD.c.respond_by), else_=null()))
    value = (
        _named(_LEAD.c.grade, policy.grade_weights)
        * _named(_LEAD.c.stage, policy.stage_weights)
        * _budget(policy)
        * _number(case((awaits, policy.unanswered_weight), else_=1.0))
    )
    doublings = func.ln(value) / func.ln(literal(2.0, Float))
    seconds = doublings * literal(policy.doubling.total_seconds(), Float(53))
    return due_at - func.make_interval(0, 0, 0, 0, 0, 0, seconds, type_=Interval)


def _named(column: ColumnElement[str], weights: Mapping[Grade, float] | Mapping[Stage, float]) -> ColumnElement[float]:
    named = {name.value: weight for name, weight in weights.items()}
    return _number(case(named, value=column, else_=1.0) if named else literal(1.0))


def _budget(policy: WorklistPolicy) -> ColumnElement[float]:
    budgets = [(_LEAD.c.budget_cents >= b.from_cents, b.weight) for b in reversed(policy.budget_weights)]
    return _number(case(*budgets, else_=1.0) if budgets else literal(1.0))


def _number(weight: ColumnElement[Any]) -> ColumnElement[float]:
    return cast(weight, Float(53))
