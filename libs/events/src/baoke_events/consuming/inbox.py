"""The inbox: each event has its effect once per consumer, however often it arrives and wherever it is handled."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_REMEMBER = text("""
INSERT INTO inbox (event_id, consumer)
SELECT DISTINCT id, :consumer FROM unnest(CAST(:ids AS uuid[])) AS id ORDER BY id
ON CONFLICT DO NOTHING RETURNING event_id
""")
_FORGET = text("DELETE FROM inbox WHERE received_at < now() - make_interval(days => :days)")


async def remember(session: AsyncSession, consumer: str, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the ids that this consumer has not met. A concurrent owner of the same events waits here."""
    return set((await session.scalars(_REMEMBER, {"consumer": consumer, "ids": list(ids)})).all())


async def forget(session: AsyncSession, *, older_than_days: int) -> None:
    """Drop what is older than the topics' retention: it cannot arrive again."""
    await session.execute(_FORGET, {"days": older_than_days})
