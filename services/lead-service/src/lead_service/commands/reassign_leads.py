"""Giving many leads to other advisors, such as when one leaves."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.origin import Origin, correlated
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.hand_over_leads import record_hand_over
from lead_service.commands.keep_leads import keep
from lead_service.db import advisors as db_advisors
from lead_service.db import leads as db_leads
from lead_service.db import reassignments as db_reassignments
from lead_service.db.assignments import Change
from lead_service.domain.advisor import require_active
from lead_service.domain.assignment import AssignmentReason, hand_over, spread
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reassignment import Reassignment

BATCH = 500
"""Leads moved in one transaction. Up to so many are moved while the asker waits."""


async def reassign_leads(session: AsyncSession, reassignment: Reassignment, *, now: datetime) -> Reassignment:
    """The leads are moved if they are few; else it is on record that they will be.

    Raises:
        NotOnTheRoster: one of the advisors they are to go to is no active one of the asker's stores.
    """
    asked = replace(reassignment, matched=await preview_reassignment(session, reassignment))
    await db_reassignments.add(session, asked, origin=Origin.now())
    return await _step(session, asked, now) if asked.matched <= BATCH else asked


async def preview_reassignment(session: AsyncSession, reassignment: Reassignment) -> int:
    """How many leads are meant now. Writes and locks nothing. Raises as `reassign_leads`."""
    standings = await db_advisors.of(session, _targets(reassignment))
    require_active(reassignment.to_advisors, standings, stores=reassignment.stores)
    return await db_reassignments.count(session, reassignment)


async def reassign_next_leads(session: AsyncSession, *, now: datetime) -> int:
    """The next batch of the oldest open reassignment is moved. Answers how much there was to do; 0 is nothing.

    Advisors who left the roster meanwhile get none; if all did, the leads go to the pool. A lead stays where it is, if
    none of them is of its store.
    """
    open_ = await db_reassignments.lock_next_open(session)
    if open_ is None:
        return 0
    reassignment, origin = open_
    with correlated(origin.correlation_id):
        await _step(session, reassignment, now)
    return 1


async def _step(session: AsyncSession, reassignment: Reassignment, now: datetime) -> Reassignment:
    found = await db_reassignments.next_leads(session, reassignment, limit=BATCH + 1)
    ids = found[:BATCH]
    locked = await db_leads.lock_all(session, {(reassignment.dealer_id, lead_id) for lead_id in ids})
    moving = sorted((lead for lead in locked if reassignment.means(lead)), key=lambda lead: lead.id)
    policies = await policy_of(session, {reassignment.dealer_id}, LeadPolicy)
    changes = await _changes(session, reassignment, moving, policies[reassignment.dealer_id], now)
    await keep(session, [change.lead for change in changes], policies, at=now)
    await publish(session, await record_hand_over(session, changes, at=now))
    after = replace(
        reassignment,
        moved=reassignment.moved + len(changes),
        moved_through=ids[-1] if ids else reassignment.moved_through,
        finished_at=now if len(found) <= BATCH else None,
    )
    await db_reassignments.save(session, after)
    return after


async def _changes(
    session: AsyncSession, reassignment: Reassignment, leads: list[Lead], policy: LeadPolicy, now: datetime
) -> list[Change]:
    """What becomes of these leads; those that stay where they are, are not among them."""
    standings = (await db_advisors.lock(session, _targets(reassignment))).values()
    active = [standing for standing in standings if standing.advisor.is_active]
    given = spread(leads, active, at=now) if active else dict.fromkeys((lead.id for lead in leads), None)
    reason, by, note = AssignmentReason.REASSIGNED, reassignment.asked_by, reassignment.note
    return [
        Change(hand_over(lead, to, due=_due(lead, policy, now), at=now), lead.advisor_id, reason, by, note)
        for lead, to in ((lead, given.get(lead.id, lead.advisor_id)) for lead in leads)
        if to != lead.advisor_id
    ]


def _due(lead: Lead, policy: LeadPolicy, now: datetime) -> datetime:
    return policy.next_contact(lead.grade, now, lead.store_id)


def _targets(reassignment: Reassignment) -> set[tuple[UUID, UUID]]:
    return {(reassignment.dealer_id, advisor_id) for advisor_id in reassignment.to_advisors}
