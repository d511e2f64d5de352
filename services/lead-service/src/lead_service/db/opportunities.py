"""Approaches to lost leads as opportunities: which are touched by a lead, which are due, and what became of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from baoke_events import LeadReactivationEnded, bulk
from baoke_events.bulk import publish_found
from baoke_events.statements import fetch
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.domain.defeat import DefeatReason
from lead_service.domain.errors import ReactivationNotFound
from lead_service.domain.opportunity import Opportunity, OpportunityOutcome, Successor
from lead_service.domain.reactivation import ReactivationState
from lead_service.domain.rules import Strategy
from lead_service.domain.signal import MarketSignal
from lead_service.domain.stage import Stage

SUCCESSOR = """
SELECT back.id AS found_lead_id, back.stage AS found_stage, back.at AS found_at FROM (
    SELECT newer.id, newer.stage, newer.captured_at
    FROM lead lost JOIN lead newer ON newer.dealer_id = lost.dealer_id AND newer.phone = lost.phone
    WHERE lost.dealer_id = r.dealer_id AND lost.id = r.lead_id AND NOT lost.phone_is_relay AND NOT newer.phone_is_relay
      AND newer.captured_at > r.reactivated_at
    UNION ALL
    SELECT lost.id, lost.stage, reopening.reopened_at
    FROM reopening JOIN lead lost ON lost.dealer_id = reopening.dealer_id AND lost.id = reopening.lead_id
    WHERE reopening.dealer_id = r.dealer_id AND reopening.lead_id = r.lead_id
      AND reopening.reopened_at > r.reactivated_at
) AS back (id, stage, at)
WHERE back.at <= r.expires_at AND NOT EXISTS (
    SELECT FROM reactivation later
    WHERE later.dealer_id = r.dealer_id
      AND later.lead_id = ANY(ARRAY(
          SELECT r.lead_id UNION ALL
          SELECT other.id
          FROM lead lost JOIN lead other ON other.dealer_id = lost.dealer_id AND other.phone = lost.phone
          WHERE lost.dealer_id = r.dealer_id AND lost.id = r.lead_id
            AND NOT lost.phone_is_relay AND NOT other.phone_is_relay))
      AND later.reactivated_at > r.reactivated_at AND later.reactivated_at < back.at
)
ORDER BY (back.stage = 'won') DESC, back.at LIMIT 1
"""
"""The lead that the person of re-activation `r` came back with in time: one of the phone that is won, else the first
of it, or the lost one where it was reopened; and before the person was approached again, for the last one counts."""

FOUND = f"LEFT JOIN LATERAL ({SUCCESSOR}) successor ON true"

_LOCK_DEFEAT = """
SELECT FROM defeat
WHERE dealer_id = $1 AND lead_id = (SELECT lead_id FROM reactivation WHERE dealer_id = $1 AND id = $2) FOR UPDATE
"""
_LOCK = "SELECT r.* FROM reactivation r WHERE r.dealer_id = $1 AND r.id = $2 AND {stores} FOR UPDATE"

_TOUCHED = """
WITH told AS (
    SELECT lead.dealer_id, lead.id, CASE WHEN NOT lead.phone_is_relay THEN lead.phone END AS phone
    FROM unnest($1::uuid[], $2::uuid[]) AS t (dealer_id, lead_id)
    JOIN lead ON lead.dealer_id = t.dealer_id AND lead.id = t.lead_id
), of_person AS (
    SELECT lead.dealer_id, lead.id FROM told JOIN lead USING (dealer_id, phone) WHERE NOT lead.phone_is_relay
    UNION
    SELECT dealer_id, id FROM told
)
SELECT r.dealer_id, r.id
FROM of_person p JOIN reactivation r ON r.dealer_id = p.dealer_id AND r.lead_id = p.id
ORDER BY r.dealer_id, r.id FOR UPDATE OF r
"""

_DUE = """
SELECT dealer_id, id FROM reactivation WHERE outcome = 'open' AND expires_at < $1 ORDER BY expires_at LIMIT $2
FOR UPDATE SKIP LOCKED
"""

_LOCKED = f"""
SELECT r.*, successor.*
FROM unnest($1::uuid[], $2::uuid[]) AS locked (dealer_id, id)
JOIN reactivation r ON r.dealer_id = locked.dealer_id AND r.id = locked.id {FOUND}
ORDER BY r.dealer_id, r.id
"""

_SAVE = """
UPDATE reactivation r SET outcome = c.outcome, declined_at = c.declined_at, ended_at = c.ended_at,
                          successor_lead_id = c.successor_lead_id
FROM jsonb_to_recordset($1::jsonb) AS c (dealer_id uuid, id uuid, outcome text, declined_at timestamptz,
                                         ended_at timestamptz, successor_lead_id uuid)
WHERE r.dealer_id = c.dealer_id AND r.id = c.id
"""

_LEAVE_ALONE = "UPDATE defeat SET next_care_at = NULL, declined_until = $3 WHERE dealer_id = $1 AND lead_id = $2"

_CAME_BACK = """
SELECT back.dealer_id, back.id FROM lead back
CROSS JOIN LATERAL (
    SELECT FROM lead lost JOIN reactivation r ON r.dealer_id = lost.dealer_id AND r.lead_id = lost.id
    WHERE lost.dealer_id = back.dealer_id AND lost.phone = back.phone AND NOT lost.phone_is_relay AND r.outcome = 'open'
    LIMIT 1
) AS approach
WHERE back.dealer_id = $1 AND back.captured_at > $2 AND NOT back.phone_is_relay
"""
"""From the few who came since, one after the other: a planner left to itself begins with all who were approached."""

_WITHDRAW = """
approached AS MATERIALIZED (
    SELECT id FROM reactivation
    WHERE dealer_id = $1 AND signal_id = $2 AND outcome = 'open' AND id > $4 ORDER BY id LIMIT $5 FOR UPDATE
), ended AS (
    UPDATE reactivation r SET outcome = 'withdrawn', ended_at = $3 FROM approached
    WHERE r.dealer_id = $1 AND r.id = approached.id
    RETURNING r.lead_id, r.store_id, r.id AS reactivation_id, r.strategy, r.reason, r.state = 'held_out' AS held_out,
              r.reactivated_at
)"""
_LAST = "SELECT (SELECT id FROM approached ORDER BY id DESC LIMIT 1) AS through, count(*) AS found FROM approached"
_ENDED = ("lead_id", "store_id", "reactivation_id", "strategy", "reason", "held_out", "reactivated_at")

Found = tuple[Opportunity, Successor | None]
"""An opportunity, locked, and the lead its person came back with, if there is one."""


async def lock(
    session: AsyncSession, dealer_id: UUID, reactivation_id: UUID, *, stores: Collection[UUID] | None
) -> Opportunity:
    """The opportunity, locked until the caller's commit; after its defeat, as who reopens a lead locks them.

    Raises:
        ReactivationNotFound: the dealer has no such re-activation, or not in these stores.
    """
    limited = "true" if stores is None else "r.store_id = ANY($3::uuid[])"
    arguments = [] if stores is None else [list(stores)]
    await fetch(session, _LOCK_DEFEAT, dealer_id, reactivation_id)
    rows = await fetch(session, _LOCK.format(stores=limited), dealer_id, reactivation_id, *arguments)
    if not rows:
        raise ReactivationNotFound(reactivation_id)
    return opportunity_of(rows[0])


async def lock_touched(session: AsyncSession, leads: Sequence[tuple[UUID, UUID]]) -> list[Found]:
    """The opportunities of the people of these (dealer, lead) pairs, each with the lead its person came back with."""
    dealer_ids, lead_ids = [dealer_id for dealer_id, _ in leads], [lead_id for _, lead_id in leads]
    return await _found(session, await fetch(session, _TOUCHED, dealer_ids, lead_ids))


async def lock_due(session: AsyncSession, *, now: datetime, limit: int) -> list[Found]:
    """Open opportunities of all dealers whose time is over. Those that another worker holds are left to it."""
    return await _found(session, await fetch(session, _DUE, now, limit))


async def came_back_since(session: AsyncSession, signal: MarketSignal) -> list[tuple[UUID, UUID]]:
    """The (dealer, lead) pairs captured since the signal arrived, of people with an open approach of any signal."""
    rows = await fetch(session, _CAME_BACK, signal.dealer_id, signal.received_at)
    return [(row["dealer_id"], row["id"]) for row in rows]


async def recall(
    session: AsyncSession,
    signal: MarketSignal,
    after: UUID | None,
    *,
    limit: int,
    like: LeadReactivationEnded,
    at: datetime,
) -> tuple[int, UUID | None]:
    """Up to `limit` of the signal's open opportunities behind that one have ended, each with an event as `like`.

    But for what differs. Answers how many there were, and the last.
    """
    told = bulk.Found("ended", _ENDED, event_id="uuidv7()", like=like)
    arguments = [signal.dealer_id, signal.id, at, after or UUID(int=0), limit]
    [answer] = await publish_found(session, _WITHDRAW, arguments, told, answer=_LAST)
    return answer["found"], answer["through"]


async def save(session: AsyncSession, opportunities: Sequence[Opportunity]) -> None:
    """What became of the opportunities is on record. All were locked by the caller."""
    if opportunities:
        await fetch(session, _SAVE, to_json([_row(each) for each in opportunities]).decode())


async def leave_alone(session: AsyncSession, dealer_id: UUID, lead_id: UUID, *, until: datetime) -> None:
    """The clock greets the lost lead no more, and no signal speaks to it before then."""
    await fetch(session, _LEAVE_ALONE, dealer_id, lead_id, until)


def opportunity_of(row: Any) -> Opportunity:
    """The opportunity of a row."""
    return Opportunity(
        dealer_id=row["dealer_id"],
        id=row["id"],
        lead_id=row["lead_id"],
        signal_id=row["signal_id"],
        store_id=row["store_id"],
        state=ReactivationState(row["state"]),
        strategy=Strategy(row["strategy"]),
        reason=DefeatReason(row["reason"]),
        reactivated_at=row["reactivated_at"],
        expires_at=row["expires_at"],
        outcome=OpportunityOutcome(row["outcome"]),
        declined_at=row["declined_at"],
        ended_at=row["ended_at"],
        successor_lead_id=row["successor_lead_id"],
    )


def successor_of(row: Any) -> Successor | None:
    """The lead that the person came back with, of a row with `FOUND`."""
    if row["found_lead_id"] is None:
        return None
    return Successor(row["found_lead_id"], Stage(row["found_stage"]), row["found_at"])


async def _found(session: AsyncSession, locked: Sequence[Record]) -> list[Found]:
    """The opportunities that are locked, read after that: who waited for a lock else saw leads as they were before."""
    rows = await fetch(session, _LOCKED, [row["dealer_id"] for row in locked], [row["id"] for row in locked])
    return [(opportunity_of(row), successor_of(row)) for row in rows]


def _row(opportunity: Opportunity) -> Mapping[str, Any]:
    return {
        "dealer_id": opportunity.dealer_id,
        "id": opportunity.id,
        "outcome": opportunity.outcome,
        "declined_at": opportunity.declined_at,
        "ended_at": opportunity.ended_at,
        "successor_lead_id": opportunity.successor_lead_id,
    }
