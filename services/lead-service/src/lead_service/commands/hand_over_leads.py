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
from lead_service.domain.advisor import require_active
from lead_service.domain.assignment import AssignmentMode, AssignmentReason, assign, hand_over
from lead_service.domain.calendar import DAY
from lead_service.domain.errors import AdvisorAtCapacity, NotOnTheRoster, TakenBack
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy

BY_RULE = "lead-service"
"""Who gives leads to advisors, and takes them, by the dealer's rules."""

HandedOver = LeadAssigned | LeadReturnedToPool


async def record_hand_over(session: AsyncSession, changes: Sequence[Change], *, at: datetime) -> list[HandedOver]:
    """It is on record whose these leads were, and are, and who goes along on their test drives.

    Answers what to publish; the caller stores the leads.
    """
    await db_assignments.add(session, changes, at=at)
    older = [change for change in changes if change.reason is not AssignmentReason.AUTOMATIC]
    await db_drives.hand_over(session, older)  # leads that were just captured have no test drives
    given = {(lead.dealer_id, lead.advisor_id) for lead in (change.lead for change in changes) if lead.advisor_id}
    await db_advisors.mark_assigned(session, given, at=at)
    return [_fact(change, at) for change in changes]


async def taken_on(
    session: AsyncSession, lead: Lead, advisor_id: UUID | None, policy: LeadPolicy, *, now: datetime
) -> Lead:
    """The lead, which lies in the pool, as it is once this advisor has taken it on; the caller keeps and records it.

    The advisor's lock makes all that they take on wait for each other, so that the load that is read is right.

    Raises:
        NotOnTheRoster: they are no active advisor of the store's roster.
        AdvisorAtCapacity: they can take no more.
        TakenBack: they neglected the lead not long ago.
    """
    if advisor_id is None:
        raise NotOnTheRoster([])
    standings = await db_advisors.lock(session, {(lead.dealer_id, advisor_id)})
    require_active({advisor_id}, standings, stores={lead.store_id})
    standing = standings[advisor_id]
    if standing.is_full:
        raise AdvisorAtCapacity(standing.open_leads, standing.advisor.capacity)
    taken_at = await db_assignments.neglected_by(session, lead, advisor_id)
    if taken_at is not None and now < (until := taken_at + policy.assignment.claim_back_after_days * DAY):
        raise TakenBack(lead.id, until)
    return hand_over(lead, advisor_id, due=policy.next_contact(lead.grade, now, lead.store_id), at=now)


async def assign_new_leads(
    session: AsyncSession, leads: Sequence[Lead], policies: Mapping[UUID, LeadPolicy], *, now: datetime
) -> tuple[dict[UUID, Lead], list[HandedOver]]:
    """Those of the new leads that the dealer's rule finds an advisor for, as they are now, by id; and what to publish.

    Whose the others are who took them in, is on record too. Nothing is asked for dealers who assign by hand, and the
    roster is read once, whatever the number of leads.
    """
    own = [lead for lead in leads if lead.advisor_id]
    captured = [Change(lead, None, AssignmentReason.CAPTURED, str(lead.advisor_id)) for lead in own]
    await db_assignments.add(session, captured, at=now)
    wanting = [lead for lead in leads if lead.advisor_id is None and _is_automatic(policies[lead.dealer_id])]
    if not wanting:
        return {}, []
    roster = await db_advisors.lock_stores(session, {(lead.dealer_id, lead.store_id) for lead in wanting})
    given = assign(wanting, roster.values(), at=now)
    assigned = {lead.id: replace(lead, advisor_id=given[lead.id]) for lead in wanting if lead.id in given}
    changes = [Change(lead, None, AssignmentReason.AUTOMATIC, BY_RULE) for lead in assigned.values()]
    await db_leads.save(session, list(assigned.values()), at=now)
    return assigned, await record_hand_over(session, changes, at=now)


def _is_automatic(policy: LeadPolicy) -> bool:
    return policy.assignment.mode is AssignmentMode.AUTOMATIC


def _fact(change: Change, at: datetime) -> HandedOver:
    lead, before = change.lead, change.from_advisor_id
    if lead.advisor_id is not None:
        return facts.assigned(lead, lead.advisor_id, from_advisor_id=before, reason=change.reason, at=at)
    if before is None:
        raise ValueError(f"lead {lead.id} lay in the pool before")
    return LeadReturnedToPool(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        from_advisor_id=before,
        reason=change.reason,
    )
