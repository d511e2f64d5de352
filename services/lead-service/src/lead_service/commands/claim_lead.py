"""Taking a lead out of the public pool (公海)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.hand_over_leads import record_hand_over
from lead_service.commands.keep_leads import keep
from lead_service.db import advisors as db_advisors
from lead_service.db import assignments as db_assignments
from lead_service.db import leads as db_leads
from lead_service.db.assignments import Change
from lead_service.domain.assignment import A_DAY, AssignmentReason, hand_over
from lead_service.domain.errors import AdvisorAtCapacity, LeadTaken, NotOnTheRoster, TakenBack
from lead_service.domain.lead import Lead, require_open
from lead_service.domain.policy import LeadPolicy


@dataclass(frozen=True, slots=True)
class ClaimLead:
    """An advisor wants a lead of the pool. `stores` are those it may be in; None is all."""

    dealer_id: UUID
    lead_id: UUID
    advisor_id: UUID | None
    by: str
    stores: Collection[UUID] | None = None


async def claim_lead(session: AsyncSession, command: ClaimLead, *, now: datetime) -> Lead:
    """The lead is the advisor's. One that was theirs already stays so, and nothing is published.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
        LeadTaken: it is another advisor's.
        TakenBack: the advisor neglected it not long ago.
        NotOnTheRoster: who claims is no active advisor of the roster.
        AdvisorAtCapacity: they can take no more.
    """
    lead = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    require_open(lead)
    if lead.advisor_id is not None:
        if lead.advisor_id == command.advisor_id:
            return lead
        raise LeadTaken(lead.id)
    policies = await policy_of(session, {lead.dealer_id}, LeadPolicy)
    policy = policies[lead.dealer_id]
    advisor_id = await _require_room(session, command)
    await _require_not_neglected(session, lead, advisor_id, policy, now)
    claimed = hand_over(lead, advisor_id, due=policy.next_contact(lead.grade, now, lead.store_id), at=now)
    await keep(session, [claimed], policies)
    told = await record_hand_over(
        session, [Change(claimed, None)], reason=AssignmentReason.CLAIMED, by=command.by, at=now
    )
    await publish(session, told)
    return claimed


async def _require_room(session: AsyncSession, command: ClaimLead) -> UUID:
    """The advisor's lock makes their claims wait for each other, so that the load that is read is right."""
    key = (command.dealer_id, command.advisor_id or command.lead_id)
    standing = (await db_advisors.lock(session, {key})).get(key[1])
    if standing is None or not standing.advisor.is_active:
        raise NotOnTheRoster([key[1]] if command.advisor_id else [])
    if standing.is_full:
        raise AdvisorAtCapacity(standing.open_leads, standing.advisor.capacity)
    return key[1]


async def _require_not_neglected(
    session: AsyncSession, lead: Lead, advisor_id: UUID, policy: LeadPolicy, now: datetime
) -> None:
    taken_at = await db_assignments.neglected_by(session, lead, advisor_id)
    if taken_at is not None and now < (until := taken_at + policy.assignment.claim_back_after_days * A_DAY):
        raise TakenBack(lead.id, until)
