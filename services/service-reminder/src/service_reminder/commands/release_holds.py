"""Free the slots that were held and never booked."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db import appointments as db_appointments


async def release_holds(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Expire up to `limit` holds that ran out, free their bays, and return how many there were.

    Nothing is published: a hold was never told of.
    """
    return await db_appointments.expire_holds(session, now=now, most=limit)
