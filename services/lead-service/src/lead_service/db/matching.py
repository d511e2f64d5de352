"""One batch of a signal's matching as one statement: candidates, the rule's judgement of each, and what follows.

The rule is `domain.reactivation.reactivate`; here it is the same in SQL, since a row's way through this
process costs several times what its judgement does. A test holds the two against each other.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events.bulk import Found, publish_found
from baoke_events.catalogue import LeadReactivated
from baoke_events.statements import compiled
from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Float,
    Integer,
    Select,
    Uuid,
    case,
    cast,
    extract,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.candidates import next_candidates
from lead_service.domain.reactivation import ReactivationPolicy, ReactivationState
from lead_service.domain.signal import MarketSignal

_EFFECTS = """
judged AS MATERIALIZED ({judged}), approached AS (
    INSERT INTO reactivation (dealer_id, id, lead_id, signal_id, store_id, state, strategy, reason, attempt, priority,
                              factors, reactivated_at)
    SELECT {dealer_id}, reactivation_id, lead_id, {signal_id}, store_id, state, strategy, reason, attempt, priority,
           jsonb_build_object('grade', grade_points, 'reason_fit', fit, 'recency', recency,
                              'earlier_attempts', earlier_attempts),
           {at}
    FROM judged
), marked AS (
    UPDATE defeat SET attempts = attempts + 1, last_attempt_at = {at}
    WHERE ctid = ANY(ARRAY(SELECT place FROM judged))
)"""

_TOLD = (
    "lead_id",
    "store_id",
    "reactivation_id",
    "strategy",
    "reason",
    "make",
    "model",
    "trim",
    "defeated_at",
    "priority",
    "attempt",
)
"""What a re-activation says that differs from lead to lead."""

_LOOKED_AT = """
SELECT count(*) AS leads, (SELECT lead_id FROM judged ORDER BY lead_id DESC LIMIT 1) AS through FROM judged"""


@dataclass(frozen=True, slots=True)
class Looked:
    """How many leads a batch approached or held out, and the last of them."""

    leads: int
    through: UUID | None


async def approach(
    session: AsyncSession,
    signal: MarketSignal,
    policy: ReactivationPolicy,
    *,
    after: UUID | None,
    limit: int,
    like: LeadReactivated,
    at: datetime,
) -> Looked:
    """The next `limit` candidates behind the lead `after` are approached or held out, and their cool-off begins.

    Each that is approached has an event in the outbox, which is as `like` but for what differs from lead to lead.
    """
    candidate = next_candidates(signal, policy, after=after, limit=limit).cte("candidate")
    judged, arguments = compiled(_judged(candidate, signal, policy))
    first = len(arguments) + 1
    effects = _EFFECTS.format(
        judged=judged, dealer_id=f"${first}::uuid", signal_id=f"${first + 1}::uuid", at=f"${first + 2}::timestamptz"
    )
    arguments = [*arguments, signal.dealer_id, signal.id, at]
    told = Found("judged WHERE state = 'activated'", _TOLD, event_id="reactivation_id", like=like)
    [looked] = await publish_found(session, effects, arguments, told, answer=_LOOKED_AT)
    return Looked(looked["leads"], looked["through"])


def _judged(candidate: CTE, signal: MarketSignal, policy: ReactivationPolicy) -> Select[Any]:
    """`reactivate`, `priority_factors` and `is_held_out` of the domain, for all candidates at once."""
    factors = _factors(candidate, signal, policy).cte("weighed")
    points = factors.c.grade_points + factors.c.fit + factors.c.recency + factors.c.earlier_attempts
    return select(
        factors,
        func.uuidv7(type_=Uuid).label("reactivation_id"),
        (factors.c.attempts + 1).label("attempt"),
        func.least(func.greatest(points, 0), 100).label("priority"),
        case(
            (_draw(factors, signal) < policy.hold_out_percent, ReactivationState.HELD_OUT.value),
            else_=ReactivationState.ACTIVATED.value,
        ).label("state"),
    )


def _factors(candidate: CTE, signal: MarketSignal, policy: ReactivationPolicy) -> Select[Any]:
    age_days = func.greatest(extract("day", literal(signal.received_at) - candidate.c.defeated_at), 0)
    freshness = func.greatest(1 - cast(age_days, Float) / policy.recency_days, 0.0)
    return select(
        candidate,
        case({n: rule.strategy.value for n, rule in enumerate(policy.rules)}, value=candidate.c.rule).label("strategy"),
        case({n: rule.fit for n, rule in enumerate(policy.rules)}, value=candidate.c.rule).label("fit"),
        case({g.value: points for g, points in policy.grade_points.items()}, value=candidate.c.grade).label(
            "grade_points"
        ),
        cast(func.round(policy.recency_points * freshness), Integer).label("recency"),
        (-policy.points_off_per_attempt * candidate.c.attempts).label("earlier_attempts"),
    )


def _draw(candidate: CTE, signal: MarketSignal) -> ColumnElement[int]:
    """A number from 0 to 99 that is fixed for this lead and signal."""
    digest = func.sha256(func.uuid_send(candidate.c.lead_id).op("||")(literal(signal.fingerprint.encode(), BYTEA)))
    return cast(func.substr(digest, 1, 4), BigInteger) % 100
