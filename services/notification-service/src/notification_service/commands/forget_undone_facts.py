"""Forget what was undone so long ago that no message about it can come up any more."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db import undone_facts as db_undone
from notification_service.domain.journeys import MAX_DELAY_S


async def forget_undone_facts(session: AsyncSession, *, now: datetime, heard_within: timedelta, limit: int) -> int:
    """Forget up to `limit` facts and return how many there were.

    A message about a fact is planned at most `heard_within` after it was undone, and waits as long as a journey may.
    """
    before = now - timedelta(seconds=MAX_DELAY_S) - heard_within
    return await db_undone.forget(session, before=before, most=limit)
