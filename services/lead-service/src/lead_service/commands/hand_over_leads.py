"""Leads change hands: what all ways to that have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from baoke_events import LeadAssigned, LeadReturnedToPool
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import advisors as db_advisors
from lead_service.db import assignments as db_assignments
from lead_service.db import leads as db_leads
from lead_service.db import test_drives as db_drives
from lead_service.db.assignments import Change
from lead_service.domain.assignment import AssignmentMode, AssignmentReason, assign
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy

BY_RULE = "lead-service"
"""Who gives leads to advisors, and takes them, by the dealer's rules."""


async def record_hand_over(
    session: AsyncSession,
    changes: Sequence[Change],
    *,
    reason: AssignmentReason,
    by: str,
    at: datetime,
    note: str | None = None,
) -> list[LeadAssigned | LeadReturnedToPool]:
    """It is on record whose these leads were, and are, and who goes along on their test drives.

    Answers what to publish; the caller stores the leads.
    """
    await db_assignments.add(session, changes, reason=reason, by=by, at=at, note=note)
    if reason is not AssignmentReason.AUTOMATIC:  # leads that were just captured have no test drives
        await db_drives.hand_over(session, changes)
    given = {(change.lead.dealer_id, change.lead.advisor_id) for change in changes if change.lead.advisor_id}
    await db_advisors.mark_assigned(session, {key for key in given if key[1]}, at=at)
    return [_fact(change, reason, at) for change in changes]


async def assign_new_leads(
    session: AsyncSession, leads: Sequence[Lead], policies: Mapping[UUID, LeadPolicy], *, now: datetime
) -> tuple[dict[UUID, Lead], list[LeadAssigned | LeadReturnedToPool]]:
    """Those of the new leads that the dealer's rule finds an advisor for, as they are now, by id; and what to publish.

    Whose the others are who took them in, is on record too. Nothing is asked for dealers who assign by hand, and the
    roster is read once, whatever the number of leads.
    """
    await _record_captured(session, [lead for lead in leads if lead.advisor_id], now)
    wanting = [lead for lead in leads if lead.advisor_id is None and _is_automatic(policies[lead.dealer_id])]
    if not wanting:
        return {}, []
    roster = await db_advisors.lock_stores(session, {(lead.dealer_id, lead.store_id) for lead in wanting})
    given = assign(wanting, roster.values(), at=now)
    assigned = {lead.id: replace(lead, advisor_id=given[lead.id]) for lead in wanting if lead.id in given}
    changes = [Change(lead, None) for lead in assigned.values()]
    await db_leads.save(session, list(assigned.values()))
    return assigned, await record_hand_over(session, changes, reason=AssignmentReason.AUTOMATIC, by=BY_RULE, at=now)


async def _record_captured(session: AsyncSession, leads: Sequence[Lead], now: datetime) -> None:
    for advisor_id in {lead.advisor_id for lead in leads}:
        own = [Change(lead, None) for lead in leads if lead.advisor_id == advisor_id]
        await db_assignments.add(session, own, reason=AssignmentReason.CAPTURED, by=str(advisor_id), at=now)


def _is_automatic(policy: LeadPolicy) -> bool:
    return policy.assignment.mode is AssignmentMode.AUTOMATIC


def _fact(change: Change, reason: AssignmentReason, at: datetime) -> LeadAssigned | LeadReturnedToPool:
    lead, before = change.lead, change.from_advisor_id
    if lead.advisor_id is not None:
        return facts.assigned(lead, lead.advisor_id, from_advisor_id=before, reason=reason, at=at)
    return LeadReturnedToPool(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        from_advisor_id=before or lead.id,
        reason=reason,
    )
