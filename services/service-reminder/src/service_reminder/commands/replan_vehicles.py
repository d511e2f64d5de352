"""Carry a change of a dealer's policy or plans to all its vehicles, a page at a time."""

from datetime import datetime

from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.commands.remind_owners import remind_owners
from service_reminder.db import plans as db_plans
from service_reminder.db import vehicles as db_vehicles


async def replan_vehicles(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Look again at up to `limit` vehicles of one dealer whose rules changed; return 1 while there is more to do."""
    replanning = await db_plans.claim_replanning(session)
    if replanning is None:
        return 0
    page = await db_vehicles.lock_page(session, replanning.dealer_id, after=replanning.after, limit=limit)
    if page:
        await publish(session, await remind_owners(session, page, now=now))
    last = page[-1].vehicle.vehicle_id if len(page) == limit else None
    await db_plans.note_replanned(session, replanning, after=last)
    return 1
