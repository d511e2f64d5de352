"""Say what the clock made due."""

from datetime import datetime

from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.commands.remind_owners import remind_owners
from service_reminder.db import vehicles as db_vehicles


async def remind_due_vehicles(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Claim up to `limit` vehicles whose time has come, say what is due, and return how many there were."""
    claimed = await db_vehicles.claim_due(session, now=now, limit=limit)
    if claimed:
        await publish(session, await remind_owners(session, claimed, now=now))
    return len(claimed)
