"""The inbox: each event has its effect once per consumer, however often it arrives and wherever it is handled."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_events.statements import fetch

_REMEMBER = """
INSERT INTO inbox (event_id, consumer) SELECT DISTINCT id, $1 FROM unnest($2::uuid[]) AS id ORDER BY id
ON CONFLICT DO NOTHING RETURNING event_id
"""
_FORGET = text("DELETE FROM inbox WHERE received_at < now() - make_interval(days => :days)")


async def remember(session: AsyncSession, consumer: str, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the ids that this consumer has not met. A concurrent owner of the same events waits here."""
    return {row["event_id"] for row in await fetch(session, _REMEMBER, consumer, ids)}


async def forget(session: AsyncSession, *, older_than_days: int) -> None:
    """Drop what is older than the topics' retention: it cannot arrive again."""
    await session.execute(_FORGET, {"days": older_than_days})
