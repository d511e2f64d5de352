"""Ending test drives of which nobody said what became of them."""

from datetime import datetime

from baoke_chassis.policy import policy_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.facts.test_drives import cancelled, completed
from lead_service.commands.lead_along import led_along
from lead_service.db import demo_cars as db_cars
from lead_service.db import leads as db_leads
from lead_service.db import test_drives as db_drives
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.test_drive import TestDriveState

BATCH = 200
"""Test drives ended in one transaction."""


async def end_forgotten_test_drives(session: AsyncSession, *, now: datetime) -> int:
    """Up to `BATCH` drives whose grace is over are no-shows, or completed if they had begun. Answers how many were due.

    Their cars are free, and their leads where these drives take them.
    """
    policies = await policy_of(session, await db_drives.dealers_with_past(session, now=now), LeadPolicy)
    graces = {dealer_id: policy.test_drives.grace for dealer_id, policy in policies.items()}
    due = await db_drives.forgotten(session, graces, now=now, limit=BATCH)
    if not due:
        return 0
    leads = {lead.id: lead for lead in await db_leads.lock_all(session, {(dealer, lead) for dealer, lead, _ in due})}
    drives = await db_drives.end_forgotten(session, [(dealer, drive) for dealer, _, drive in due], at=now)
    cars = await db_cars.some(session, {(drive.dealer_id, drive.demo_car_id) for drive in drives})
    told = [
        (completed if drive.state is TestDriveState.COMPLETED else cancelled)(
            leads[drive.lead_id], drive, cars[drive.demo_car_id], at=now
        )
        for drive in drives
    ]
    await publish(session, [*told, *await led_along(session, leads, drives, at=now)])
    return len(due)
