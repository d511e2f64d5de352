"""Lost leads whose greeting by the clock is due, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events.statements import fetch
from pydantic_core import to_json
from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.candidates import CANDIDATE, DEFEAT, came_back, candidate
from lead_service.domain.greeting import Greeting, Neglected
from lead_service.domain.reactivation import Reactivation
from lead_service.domain.substitutes import SAME

_ADD = """
INSERT INTO reactivation (dealer_id, id, lead_id, signal_id, store_id, state, strategy, reason, attempt, priority,
                          factors, reactivated_at, expires_at)
SELECT $2, id, lead_id, signal_id, store_id, state, strategy, reason, attempt, priority, factors, $3, $4
FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, lead_id uuid, signal_id uuid, store_id uuid, state text,
                                         strategy text, reason text, attempt smallint, priority smallint, factors jsonb)
"""

_PLAN = """
UPDATE defeat d SET next_care_at = p.next_at,
                    attempts = d.attempts + p.greet::int, care_greetings = d.care_greetings + p.greet::int,
                    last_attempt_at = CASE WHEN p.greet THEN $3 ELSE d.last_attempt_at END
FROM jsonb_to_recordset($1::jsonb) AS p (lead_id uuid, next_at timestamptz, greet boolean)
WHERE d.dealer_id = $2 AND d.lead_id = p.lead_id
"""


async def lock_due(session: AsyncSession, *, now: datetime, limit: int) -> tuple[UUID, list[Neglected]] | None:
    """Up to `limit` leads of one dealer that are due, the longest due first, locked; None where no dealer has any.

    Leads that another worker holds are left to it.
    """
    first = select(DEFEAT.c.dealer_id).where(DEFEAT.c.next_care_at <= now).order_by(DEFEAT.c.next_care_at).limit(1)
    dealer_id = await session.scalar(first)
    if dealer_id is None:
        return None
    query = (
        select(*CANDIDATE, DEFEAT.c.last_attempt_at, DEFEAT.c.care_greetings, came_back().label("came_back"))
        .add_columns(literal(0).label("rule"), literal(SAME).label("similarity"))
        .where(DEFEAT.c.dealer_id == dealer_id, DEFEAT.c.next_care_at <= now)
        .order_by(DEFEAT.c.next_care_at)
        .limit(limit)
        .with_for_update(of=DEFEAT, skip_locked=True)
    )
    rows = (await session.execute(query)).mappings()
    return dealer_id, [
        Neglected(candidate(row), row["last_attempt_at"], row["care_greetings"], row["came_back"]) for row in rows
    ]


async def keep_plans(session: AsyncSession, dealer_id: UUID, plans: Sequence[Greeting], *, at: datetime) -> None:
    """Each lead has its next turn; for those that are greeted, or held out, that is an attempt."""
    rows = [{"lead_id": p.lead.lead_id, "next_at": p.next_at, "greet": p.greet} for p in plans]
    await fetch(session, _PLAN, to_json(rows).decode(), dealer_id, at)


async def add(
    session: AsyncSession,
    dealer_id: UUID,
    reactivations: Mapping[UUID, Reactivation],
    *,
    at: datetime,
    expires_at: datetime,
) -> None:
    """The re-activations, by their ids, are on record."""
    rows = [_row(reactivation_id, each) for reactivation_id, each in reactivations.items()]
    await fetch(session, _ADD, to_json(rows).decode(), dealer_id, at, expires_at)


def _row(reactivation_id: UUID, reactivation: Reactivation) -> dict[str, Any]:
    return {
        "id": reactivation_id,
        "lead_id": reactivation.lead_id,
        "signal_id": reactivation.signal_id,
        "store_id": reactivation.store_id,
        "state": reactivation.state,
        "strategy": reactivation.strategy,
        "reason": reactivation.reason,
        "attempt": reactivation.attempt,
        "priority": reactivation.priority,
        "factors": reactivation.factors,
    }
