"""Taking a lead out of the public pool (公海)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.hand_over_leads import record_hand_over, taken_on
from lead_service.commands.keep_leads import keep
from lead_service.db import leads as db_leads
from lead_service.db.assignments import Change
from lead_service.domain.assignment import AssignmentReason
from lead_service.domain.errors import LeadTaken
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
        NotOnTheRoster: who claims is no active advisor of its store's roster.
        AdvisorAtCapacity: they can take no more.
        TakenBack: they neglected it not long ago.
    """
    lead = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    require_open(lead)
    if lead.advisor_id is not None:
        if lead.advisor_id == command.advisor_id:
            return lead
        raise LeadTaken(lead.id)
    policies = await policy_of(session, {lead.dealer_id}, LeadPolicy)
    claimed = await taken_on(session, lead, command.advisor_id, policies[lead.dealer_id], now=now)
    await keep(session, [claimed], policies, at=now)
    change = Change(claimed, None, AssignmentReason.CLAIMED, command.by)
    await publish(session, await record_hand_over(session, [change], at=now))
    return claimed
