"""Dealers' own maintenance plans, and how far their changes have reached the vehicles."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db.tables import PlanRow, RulesAppliedRow
from service_reminder.domain.plan_files import plan_of
from service_reminder.domain.plans import Plan
from service_reminder.plans.shipped import shipped_plans


async def plans_of(session: AsyncSession, dealer_ids: Iterable[UUID]) -> dict[UUID, tuple[Plan, ...]]:
    """Read the plans in force of each dealer: its own, and the shipped ones that it did not replace by name."""
    wanted = set(dealer_ids)
    query = (
        select(PlanRow.dealer_id, PlanRow.name, PlanRow.version, PlanRow.content)
        .where(PlanRow.dealer_id.in_(wanted))
        .ext(distinct_on(PlanRow.dealer_id, PlanRow.name))
        .order_by(PlanRow.dealer_id, PlanRow.name, PlanRow.version.desc())
    )
    shipped = {plan.name: plan for plan in shipped_plans()}
    own = {dealer_id: dict(shipped) for dealer_id in wanted}
    for row in await session.execute(query):
        own[row.dealer_id][row.name] = _parsed(row.name, row.content, row.version)
    return {dealer_id: tuple(plans[name] for name in sorted(plans)) for dealer_id, plans in own.items()}


async def newest_version(session: AsyncSession, dealer_id: UUID, name: str) -> int:
    """Return the version of the dealer's own plan of that name; 0 if it has none."""
    query = select(func.max(PlanRow.version)).where(PlanRow.dealer_id == dealer_id, PlanRow.name == name)
    return await session.scalar(query) or 0


async def add(
    session: AsyncSession,
    dealer_id: UUID,
    plan: Plan,
    content: Mapping[str, Any],
    *,
    created_by: str,
    now: datetime,
) -> bool:
    """Store the next version of a dealer's plan; False if that version is there already."""
    statement = insert(PlanRow).values(
        dealer_id=dealer_id,
        name=plan.name,
        version=plan.version,
        content=json.dumps(content, ensure_ascii=False, default=str),
        created_by=created_by,
        created_at=now,
    )
    stored = await session.scalar(statement.on_conflict_do_nothing().returning(PlanRow.version))
    return stored is not None


@dataclass(frozen=True, slots=True)
class Replanning:
    """A dealer whose vehicles have to be looked at again, from behind `after` on, up to rules version `target`."""

    dealer_id: UUID
    target: int
    after: UUID | None


_CLAIM = text("""
WITH rules AS (
    SELECT dealer_id, count(*)::int AS versions
    FROM (SELECT dealer_id FROM policy UNION ALL SELECT dealer_id FROM maintenance_plan) AS rule
    GROUP BY dealer_id
)
INSERT INTO rules_applied AS r (dealer_id, applied, target)
SELECT dealer_id, 0, versions FROM rules
WHERE NOT EXISTS (SELECT FROM rules_applied AS known WHERE known.dealer_id = rules.dealer_id
                  AND known.applied = known.target AND known.target = rules.versions)
ORDER BY dealer_id LIMIT 1
ON CONFLICT (dealer_id) DO UPDATE SET
    target = excluded.target,
    after_vehicle_id = CASE WHEN r.target = excluded.target THEN r.after_vehicle_id END
RETURNING dealer_id, target, after_vehicle_id
""")


async def claim_replanning(session: AsyncSession) -> Replanning | None:
    """Lock one dealer whose policy or plans changed since all its vehicles were looked at."""
    row = (await session.execute(_CLAIM)).one_or_none()
    return Replanning(row.dealer_id, row.target, row.after_vehicle_id) if row else None


async def note_replanned(session: AsyncSession, replanning: Replanning, *, after: UUID | None) -> None:
    """Note how far a dealer's vehicles were looked at; None if that was the last of them."""
    done = {"applied": replanning.target} if after is None else {}
    statement = insert(RulesAppliedRow).values(
        dealer_id=replanning.dealer_id, applied=0, target=replanning.target, after_vehicle_id=after
    )
    await session.execute(
        statement.on_conflict_do_update(index_elements=["dealer_id"], set_={"after_vehicle_id": after, **done})
    )


@lru_cache(maxsize=1_000)
def _parsed(name: str, content: str, version: int) -> Plan:
    return plan_of(name, json.loads(content), version=version)
