"""What webhooks left behind is forgotten in time."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import deliveries as db_deliveries

BATCH = 500
LONGEST_KEPT_HOURS = 720
"""The most that a policy keeps calls for; within it each dealer's own hours decide when a call counts as new."""


async def forget_deliveries(session: AsyncSession, *, now: datetime) -> int:
    """Up to `BATCH` payloads that could not be read are past their end and gone, and as many calls."""
    before = now - timedelta(hours=LONGEST_KEPT_HOURS)
    return await db_deliveries.forget(session, deliveries_before=before, now=now, limit=BATCH)
