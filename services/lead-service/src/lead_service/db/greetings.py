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
from lead_service.db.matching import ADD_JUDGED
from lead_service.domain.greeting import Greeting, Neglected
from lead_service.domain.reactivation import Reactivation, ReactivationPolicy
from lead_service.domain.signal import MarketSignal
from lead_service.domain.substitutes import SAME

_ADD = ADD_JUDGED.format(
    judged="""jsonb_to_recordset($1::jsonb) AS r (reactivation_id uuid, lead_id uuid, store_id uuid, state text,
    strategy text, reason text, attempt smallint, priority smallint, similarity smallint, factors jsonb)""",
    dealer_id="$2",
    signal_id="$3",
    at="$4",
    expires_at="$5",
    hold_out_percent="$6::smallint",
    factors="factors",
)

_PLAN = """
UPDATE defeat d SET next_care_at = p.next_at,
                    attempts = d.attempts + p.greet::int, care_greetings = d.care_greetings + p.greet::int,
                    last_attempt_at = CASE WHEN p.greet THEN $3 ELSE d.last_attempt_at END
FROM jsonb_to_recordset($1::jsonb) AS p (lead_id uuid, next_at timestamptz, greet boolean)
WHERE d.dealer_id = $2 AND d.lead_id = p.lead_id
"""

_PUT_OFF = "UPDATE defeat SET next_care_at = $3 WHERE dealer_id = $1 AND lead_id = ANY($2::uuid[])"


async def lock_due(session: AsyncSession, *, now: datetime, limit: int) -> list[tuple[UUID, list[Neglected]]]:
    """The up to `limit` leads that are due the longest, locked, of each of their dealers in the order of their ids.

    Leads that another worker holds are left to it.
    """
    query = (
        select(DEFEAT.c.dealer_id, *CANDIDATE, DEFEAT.c.last_attempt_at, DEFEAT.c.care_greetings)
        .add_columns(came_back().label("came_back"), literal(0).label("rule"), literal(SAME).label("similarity"))
        .where(DEFEAT.c.next_care_at <= now)
        .order_by(DEFEAT.c.next_care_at)
        .limit(limit)
        .with_for_update(of=DEFEAT, skip_locked=True)
    )
    due: dict[UUID, list[Neglected]] = {}
    for row in (await session.execute(query)).mappings():
        lead = Neglected(candidate(row), row["last_attempt_at"], row["care_greetings"], row["came_back"])
        due.setdefault(row["dealer_id"], []).append(lead)
    return sorted(due.items())


async def put_off(session: AsyncSession, dealer_id: UUID, lead_ids: Sequence[UUID], *, until: datetime) -> None:
    """It is not the turn of these leads before then."""
    await fetch(session, _PUT_OFF, dealer_id, lead_ids, until)


async def keep_plans(session: AsyncSession, dealer_id: UUID, plans: Sequence[Greeting], *, at: datetime) -> None:
    """Each lead has its next turn; for those that are greeted, or held out, that is an attempt."""
    rows = [{"lead_id": p.lead.lead_id, "next_at": p.next_at, "greet": p.greet} for p in plans]
    await fetch(session, _PLAN, to_json(rows).decode(), dealer_id, at)


async def add(
    session: AsyncSession,
    signal: MarketSignal,
    reactivations: Mapping[UUID, Reactivation],
    policy: ReactivationPolicy,
    *,
    at: datetime,
) -> None:
    """The signal's re-activations, by their ids, are on record."""
    rows = to_json([_row(reactivation_id, each) for reactivation_id, each in reactivations.items()]).decode()
    expires_at, percent = at + policy.opportunity, policy.hold_out_percent
    await fetch(session, _ADD, rows, signal.dealer_id, signal.id, at, expires_at, percent)


def _row(reactivation_id: UUID, reactivation: Reactivation) -> dict[str, Any]:
    return {
        "reactivation_id": reactivation_id,
        "lead_id": reactivation.lead_id,
        "store_id": reactivation.store_id,
        "state": reactivation.state,
        "strategy": reactivation.strategy,
        "reason": reactivation.reason,
        "attempt": reactivation.attempt,
        "priority": reactivation.priority,
        "similarity": reactivation.similarity,
        "factors": reactivation.factors,
    }
