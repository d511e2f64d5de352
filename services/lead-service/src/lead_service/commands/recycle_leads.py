"""Taking leads from advisors who neglect them, back into the public pool (公海)."""

from datetime import datetime

from baoke_chassis.policy import policy_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.hand_over_leads import BY_RULE, record_hand_over
from lead_service.db import advisors as db_advisors
from lead_service.db import assignments as db_assignments
from lead_service.db import leads as db_leads
from lead_service.db.assignments import Change
from lead_service.domain.assignment import AssignmentReason, hand_over, recycle
from lead_service.domain.calendar import DAY
from lead_service.domain.policy import LeadPolicy

BATCH = 500
"""Leads looked at in one transaction."""


async def recycle_leads(session: AsyncSession, *, now: datetime) -> int:
    """Up to `BATCH` neglected leads are in the pool, or left for another day where an advisor lost enough today.

    The advisors' locks make workers wait for each other, so that what an advisor lost today is counted right. Answers
    how many were looked at.
    """
    due = await db_leads.lock_neglected(session, now=now, limit=BATCH)
    if not due:
        return 0
    policies = await policy_of(session, {lead.dealer_id for lead in due}, LeadPolicy)
    losers = {(lead.dealer_id, lead.advisor_id) for lead in due if lead.advisor_id}
    await db_advisors.lock(session, losers)
    taken = await db_assignments.taken_since(session, losers, since=now - DAY)
    returned, left = recycle(due, taken, lambda dealer_id: policies[dealer_id].assignment, at=now)
    changes = [
        Change(hand_over(lead, None, due=now, at=now), lead.advisor_id, AssignmentReason.NEGLECTED, BY_RULE)
        for lead in returned
    ]
    await db_leads.save(session, [*left, *(change.lead for change in changes)], at=now)
    await publish(session, await record_hand_over(session, changes, at=now))
    return len(due)
