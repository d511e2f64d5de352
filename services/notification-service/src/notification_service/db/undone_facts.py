"""Facts that were undone, and the messages about them that still wait."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db import tables
from notification_service.db.messages import message_of
from notification_service.domain.journeys import Undone
from notification_service.domain.messages import Message
from notification_service.domain.parties import PartyKey

_KEEP = text("""
INSERT INTO undone_fact AS known (dealer_id, party_id, journey, field, value, undone_at)
SELECT dealer_id, party_id, journey, field, value, max(undone_at) FROM unnest(
    CAST(:dealer_ids AS uuid[]), CAST(:party_ids AS uuid[]), CAST(:journeys AS text[]), CAST(:fields AS text[]),
    CAST(:values AS text[]), CAST(:undone_ats AS timestamptz[])
) AS u (dealer_id, party_id, journey, field, value, undone_at)
GROUP BY dealer_id, party_id, journey, field, value ORDER BY dealer_id, party_id, journey, field, value
ON CONFLICT (dealer_id, party_id, journey, field, value) DO UPDATE
SET undone_at = greatest(known.undone_at, excluded.undone_at)
""")
_SUPPRESS = text("""
UPDATE message AS m SET state = 'suppressed', reason = 'overtaken', settled_at = CAST(:now AS timestamptz)
FROM undone_fact AS u
JOIN unnest(CAST(:dealer_ids AS uuid[]), CAST(:party_ids AS uuid[])) AS p (dealer_id, party_id)
    USING (dealer_id, party_id)
WHERE m.dealer_id = u.dealer_id AND m.party_id = u.party_id AND m.journey = u.journey
  AND m.state = 'waiting' AND m.occurred_at <= u.undone_at AND m.data ->> u.field = u.value
RETURNING m.*
""")
_ABOUT = text("""
SELECT m.message_id FROM message AS m
JOIN unnest(CAST(:dealer_ids AS uuid[]), CAST(:message_ids AS uuid[])) AS asked (dealer_id, message_id)
    USING (dealer_id, message_id)
WHERE EXISTS (
    SELECT FROM undone_fact AS u
    WHERE u.dealer_id = m.dealer_id AND u.party_id = m.party_id AND u.journey = m.journey
      AND m.occurred_at <= u.undone_at AND m.data ->> u.field = u.value
)
""")

_FORGET = text("""
WITH old AS (
    SELECT dealer_id, party_id, journey, field, value FROM undone_fact
    WHERE undone_at < :before ORDER BY undone_at LIMIT :most FOR UPDATE SKIP LOCKED
)
DELETE FROM undone_fact AS u USING old
WHERE (u.dealer_id, u.party_id, u.journey, u.field, u.value)
    = (old.dealer_id, old.party_id, old.journey, old.field, old.value)
""")


async def keep(session: AsyncSession, undone: Sequence[Undone]) -> None:
    """Remember what was undone."""
    if undone:
        await session.execute(
            _KEEP,
            {
                "dealer_ids": [u.dealer_id for u in undone],
                "party_ids": [u.party_id for u in undone],
                "journeys": [u.journey for u in undone],
                "fields": [u.field for u in undone],
                "values": [u.value for u in undone],
                "undone_ats": [u.undone_at for u in undone],
            },
        )


async def suppress(session: AsyncSession, parties: Collection[PartyKey], *, now: datetime) -> list[Message]:
    """Suppress what still waits for these parties and is about something undone; returns those messages."""
    if not parties:
        return []
    ordered = sorted(parties)
    rows = await session.scalars(
        select(tables.Message).from_statement(_SUPPRESS),
        {
            "dealer_ids": [party.dealer_id for party in ordered],
            "party_ids": [party.party_id for party in ordered],
            "now": now,
        },
    )
    return [message_of(row) for row in rows]


async def about_undone(session: AsyncSession, messages: Sequence[Message]) -> set[UUID]:
    """Return the ids of those of the messages that are about something undone."""
    asked = {"dealer_ids": [m.dealer_id for m in messages], "message_ids": [m.message_id for m in messages]}
    return set((await session.scalars(_ABOUT, asked)).all())


async def forget(session: AsyncSession, *, before: datetime, most: int) -> int:
    """Forget up to `most` facts that were undone before then, the oldest first; return how many there were."""
    done = await session.execute(_FORGET, {"before": before, "most": most})
    return int(getattr(done, "rowcount", 0))
