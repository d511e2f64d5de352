"""Messages on their way: planned, claimed by a sender, settled."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db import tables
from notification_service.domain.deliveries import Outcome
from notification_service.domain.messages import Channel, Message, MessageClass, MessageState
from notification_service.domain.parties import PartyKey
from notification_service.domain.sending import Decided

# Each class has a lane of its own, so that a campaign never stands before a booking.
_LOCK_DUE = text("""
SELECT due.* FROM unnest(ARRAY['transactional', 'service', 'marketing']) AS lane (message_class)
CROSS JOIN LATERAL (
    SELECT * FROM message
    WHERE message_class = lane.message_class AND state IN ('waiting', 'sending') AND wake_at <= :now
    ORDER BY wake_at LIMIT :per_class FOR UPDATE SKIP LOCKED
) AS due
""")

_DECIDE = text("""
UPDATE message AS m SET
    state = d.state, reason = d.reason, wake_at = coalesce(d.wake_at, m.wake_at), counted_on = d.counted_on,
    claim_id = CASE d.state WHEN 'sending' THEN CAST(:claim_id AS uuid) END,
    settled_at = CASE d.state WHEN 'suppressed' THEN CAST(:now AS timestamptz) END
FROM unnest(
    CAST(:dealer_ids AS uuid[]), CAST(:message_ids AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[]),
    CAST(:wake_ats AS timestamptz[]), CAST(:counted_ons AS date[])
) AS d (dealer_id, message_id, state, reason, wake_at, counted_on)
WHERE m.dealer_id = d.dealer_id AND m.message_id = d.message_id
""")

_SETTLE = text("""
UPDATE message AS m SET
    state = o.state, reason = o.reason, wake_at = coalesce(o.wake_at, m.wake_at), claim_id = NULL,
    attempts = m.attempts + CASE WHEN o.channel IS NULL THEN 0 ELSE 1 END,
    channel = coalesce(o.channel, m.channel), subject = o.subject, text = o.body, template_version = o.version,
    settled_at = CASE WHEN o.state <> 'waiting' THEN CAST(:now AS timestamptz) END
FROM unnest(
    CAST(:dealer_ids AS uuid[]), CAST(:message_ids AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[]),
    CAST(:wake_ats AS timestamptz[]), CAST(:channels AS text[]), CAST(:subjects AS text[]), CAST(:bodies AS text[]),
    CAST(:versions AS integer[])
) AS o (dealer_id, message_id, state, reason, wake_at, channel, subject, body, version)
WHERE m.dealer_id = o.dealer_id AND m.message_id = o.message_id AND m.claim_id = :claim_id AND m.state = 'sending'
RETURNING m.message_id
""")

_OVERTAKE = text("""
UPDATE message AS m SET state = 'suppressed', reason = 'overtaken', settled_at = CAST(:now AS timestamptz)
FROM unnest(
    CAST(:dealer_ids AS uuid[]), CAST(:party_ids AS uuid[]), CAST(:journeys AS text[]), CAST(:ats AS timestamptz[])
) AS o (dealer_id, party_id, journey, occurred_at)
WHERE m.dealer_id = o.dealer_id AND m.party_id = o.party_id AND m.journey = o.journey
  AND m.state = 'waiting' AND m.occurred_at < o.occurred_at
RETURNING m.*
""")


@dataclass(frozen=True, slots=True)
class Overtaking:
    """Something happened that makes waiting messages of a journey to a party pointless."""

    party: PartyKey
    journey: str
    occurred_at: datetime


async def plan(session: AsyncSession, messages: Collection[Message]) -> None:
    """The messages wait for their time; one that its event had planned before is left as it is."""
    if messages:
        statement = insert(tables.Message).on_conflict_do_nothing(constraint="uq_message_once_per_event")
        await session.execute(statement, [_row(message) for message in messages])


async def lock_due(session: AsyncSession, *, per_class: int, now: datetime) -> list[Message]:
    """Up to `per_class` due messages of each class, locked; those in another sender's hands are passed over.

    Due is also what a sender held too long: it must have died.
    """
    rows = await session.scalars(select(tables.Message).from_statement(_LOCK_DUE), {"now": now, "per_class": per_class})
    return [message_of(row) for row in rows]


async def save_decided(session: AsyncSession, decided: Sequence[Decided], *, claim_id: UUID, now: datetime) -> None:
    """Each message stands as decided; those to be sent are this claim's until `wake_at`."""
    parameters = {
        **_ids([d.message for d in decided]),
        "states": [d.state for d in decided],
        "reasons": [d.reason for d in decided],
        "wake_ats": [d.wake_at for d in decided],
        "counted_ons": [d.counted_on for d in decided],
    }
    await session.execute(_DECIDE, {**parameters, "claim_id": claim_id, "now": now})


async def settle(session: AsyncSession, outcomes: Sequence[Outcome], *, claim_id: UUID, now: datetime) -> set[UUID]:
    """Each message stands as its delivery came out; returns the ids of those that were still this claim's."""
    parameters = {
        **_ids([o.message for o in outcomes]),
        "states": [o.state for o in outcomes],
        "reasons": [o.reason for o in outcomes],
        "wake_ats": [o.retry_at for o in outcomes],
        "channels": [o.channel for o in outcomes],
        "subjects": [o.subject for o in outcomes],
        "bodies": [o.text for o in outcomes],
        "versions": [o.template_version for o in outcomes],
    }
    return set((await session.scalars(_SETTLE, {**parameters, "claim_id": claim_id, "now": now})).all())


async def overtake(session: AsyncSession, overtakings: Sequence[Overtaking], *, now: datetime) -> list[Message]:
    """Suppress what still waits and goes back to something earlier; returns those messages."""
    if not overtakings:
        return []
    rows = await session.scalars(
        select(tables.Message).from_statement(_OVERTAKE),
        {
            "dealer_ids": [o.party.dealer_id for o in overtakings],
            "party_ids": [o.party.party_id for o in overtakings],
            "journeys": [o.journey for o in overtakings],
            "ats": [o.occurred_at for o in overtakings],
            "now": now,
        },
    )
    return [message_of(row) for row in rows]


def _ids(messages: Iterable[Message]) -> dict[str, list[UUID]]:
    pairs = [(message.dealer_id, message.message_id) for message in messages]
    return {"dealer_ids": [dealer for dealer, _ in pairs], "message_ids": [message for _, message in pairs]}


def _row(message: Message) -> dict[str, Any]:
    return {
        "dealer_id": message.dealer_id,
        "message_id": message.message_id,
        "party_id": message.party_id,
        "journey": message.journey,
        "message_class": message.message_class,
        "priority": message.priority,
        "template": message.template,
        "data": message.data,
        "channels": list(message.channels),
        "state": MessageState.WAITING,
        "occurred_at": message.occurred_at,
        "due_at": message.due_at,
        "wake_at": message.due_at,
        "attempts": 0,
        "causation_id": message.causation_id,
        "correlation_id": message.correlation_id,
        "traceparent": message.traceparent,
    }


def message_of(row: tables.Message) -> Message:
    """The message of a row."""
    return Message(
        dealer_id=row.dealer_id,
        message_id=row.message_id,
        party_id=row.party_id,
        journey=row.journey,
        message_class=MessageClass(row.message_class),
        priority=row.priority,
        template=row.template,
        data=row.data,
        channels=tuple(Channel(channel) for channel in row.channels),
        occurred_at=row.occurred_at,
        due_at=row.due_at,
        causation_id=row.causation_id,
        correlation_id=row.correlation_id,
        traceparent=row.traceparent,
        attempts=row.attempts,
        counted_on=row.counted_on,
    )
