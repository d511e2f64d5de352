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
from baoke_events.statements import compiled, fetch
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

from lead_service.db.candidates import Place, next_candidates
from lead_service.domain.reactivation import ReactivationPolicy, ReactivationState, season_of
from lead_service.domain.signal import MarketSignal
from lead_service.domain.substitutes import SAME

_PLAN_FOR_THESE_VALUES = "SET LOCAL plan_cache_mode = force_custom_plan"
"""A plan for whatever signal, which PostgreSQL would take from the sixth batch on, is much slower."""

ADD_JUDGED = """
INSERT INTO reactivation (dealer_id, id, lead_id, signal_id, store_id, state, strategy, reason, attempt, priority,
                          similarity, hold_out_percent, factors, reactivated_at, expires_at)
SELECT {dealer_id}, reactivation_id, lead_id, {signal_id}, store_id, state, strategy, reason, attempt, priority,
       similarity, {hold_out_percent}, {factors}, {at}, {expires_at}
FROM {judged}
"""
"""Puts leads that were judged on record: a statement, or a part of one."""

_EFFECTS = """
judged AS MATERIALIZED ({judged}), approached AS ({add}), marked AS (
    UPDATE defeat SET attempts = attempts + 1, last_attempt_at = {at}
    WHERE ctid = ANY(ARRAY(SELECT place FROM judged)) RETURNING 1
)"""

_FACTORS = """jsonb_build_object('grade', grade_points, 'reason_fit', fit, 'recency', recency,
                                 'earlier_attempts', earlier_attempts)"""

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
    "similarity",
)
"""What a re-activation says that differs from lead to lead."""

_LOOKED_AT = """
SELECT count(*) FILTER (WHERE state = 'activated') AS activated, count(*) FILTER (WHERE state = 'held_out') AS held_out,
       (SELECT lead_id FROM judged ORDER BY lead_id DESC LIMIT 1) AS through, (SELECT count(*) FROM marked) AS marked
FROM judged"""


class BatchOvertaken(Exception):
    """A lead of the batch was changed by another transaction after the batch had begun to read: it is to run again."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How many leads a batch approached and held out, and the last of them."""

    activated: int
    held_out: int
    through: UUID | None

    @property
    def leads(self) -> int:
        """How many in all."""
        return self.activated + self.held_out


async def approach(
    session: AsyncSession,
    signal: MarketSignal,
    policy: ReactivationPolicy,
    place: Place,
    *,
    limit: int,
    like: LeadReactivated,
    at: datetime,
) -> BatchResult:
    """The next `limit` candidates behind the place are approached or held out, and their cool-off begins.

    Each that is approached has an event in the outbox, which is as `like` but for what differs from lead to lead.

    Raises:
        BatchOvertaken: a lead was changed meanwhile, whose place no longer is where this statement can see it.
    """
    candidate = next_candidates(signal, policy, place, limit=limit).cte("candidate")
    judged, arguments = compiled(_judged(candidate, signal, policy, at))
    first = len(arguments) + 1
    approached_at = f"${first + 2}::timestamptz"
    add = ADD_JUDGED.format(
        judged="judged",
        factors=_FACTORS,
        dealer_id=f"${first}::uuid",
        signal_id=f"${first + 1}::uuid",
        at=approached_at,
        expires_at=f"${first + 3}::timestamptz",
        hold_out_percent=f"${first + 4}::smallint",
    )
    effects = _EFFECTS.format(judged=judged, add=add, at=approached_at)
    arguments = [*arguments, signal.dealer_id, signal.id, at, at + policy.opportunity, policy.hold_out_percent]
    told = Found("judged WHERE state = 'activated'", _TOLD, event_id="reactivation_id", like=like)
    await fetch(session, _PLAN_FOR_THESE_VALUES)
    [looked] = await publish_found(session, effects, arguments, told, answer=_LOOKED_AT)
    batch = BatchResult(looked["activated"], looked["held_out"], looked["through"])
    if looked["marked"] != batch.leads:
        raise BatchOvertaken(f"{batch.leads - looked['marked']} of {batch.leads} leads were changed meanwhile")
    return batch


def _judged(candidate: CTE, signal: MarketSignal, policy: ReactivationPolicy, at: datetime) -> Select[Any]:
    """`reactivate`, `priority_factors` and `is_held_out` of the domain, for all candidates at once."""
    weighed = _factors(candidate, signal, policy).cte("weighed").prefix_with("MATERIALIZED")
    points = weighed.c.grade_points + weighed.c.fit + weighed.c.recency + weighed.c.earlier_attempts
    return select(
        weighed,
        _id(weighed.c.digest, signal, at).label("reactivation_id"),
        (weighed.c.attempts + 1).label("attempt"),
        func.least(func.greatest(points, 0), 100).label("priority"),
        case(
            (_draw(weighed.c.digest) < policy.hold_out_percent, ReactivationState.HELD_OUT.value),
            else_=ReactivationState.ACTIVATED.value,
        ).label("state"),
    )


def _factors(candidate: CTE, signal: MarketSignal, policy: ReactivationPolicy) -> Select[Any]:
    age_days = func.greatest(extract("day", literal(signal.received_at) - candidate.c.defeated_at), 0)
    freshness = func.greatest(1 - cast(age_days, Float) / policy.recency_days, 0.0)
    fit = case({n: rule.fit for n, rule in enumerate(policy.rules)}, value=candidate.c.rule)
    return select(
        candidate,
        _digest(candidate, signal).label("digest"),
        case({n: rule.strategy.value for n, rule in enumerate(policy.rules)}, value=candidate.c.rule).label("strategy"),
        (fit * candidate.c.similarity // SAME).label("fit"),
        case({g.value: points for g, points in policy.grade_points.items()}, value=candidate.c.grade).label(
            "grade_points"
        ),
        cast(func.round(policy.recency_points * freshness), Integer).label("recency"),
        (-policy.points_off_per_attempt * candidate.c.attempts).label("earlier_attempts"),
    )


def _digest(candidate: CTE, signal: MarketSignal) -> ColumnElement[bytes]:
    """32 bytes that are fixed for this lead and season, and look like chance."""
    season = season_of(signal.received_at).encode()
    return func.sha256(func.uuid_send(candidate.c.lead_id).op("||")(literal(season, BYTEA)))


def _draw(digest: ColumnElement[bytes]) -> ColumnElement[int]:
    """A number from 0 to 99, of the digest's first four bytes."""
    return cast(func.substr(digest, 1, 4), BigInteger) % 100


def _id(digest: ColumnElement[bytes], signal: MarketSignal, at: datetime) -> ColumnElement[UUID]:
    """A UUIDv7 (RFC 9562, 5.7) of this millisecond with bits of the digest for chance, a tenth of `uuidv7()`'s cost."""
    same = f"{int(at.timestamp() * 1000):012x}7{signal.fingerprint[:3]}8"
    return cast(func.concat(literal(same), func.substr(func.encode(digest, "hex"), 9, 15)), Uuid)
