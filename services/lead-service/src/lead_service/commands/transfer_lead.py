"""Giving a lead to another advisor, or back to the pool."""

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
from lead_service.db import leads as db_leads
from lead_service.db.assignments import Change
from lead_service.domain.advisor import require_active
from lead_service.domain.assignment import AssignmentReason, hand_over
from lead_service.domain.lead import Lead, require_open
from lead_service.domain.policy import LeadPolicy


@dataclass(frozen=True, slots=True)
class TransferLead:
    """Give a lead to an advisor; None is the pool. `stores` are those it may be in; None is all."""

    dealer_id: UUID
    lead_id: UUID
    advisor_id: UUID | None
    note: str
    by: str
    stores: Collection[UUID] | None = None


async def transfer_lead(session: AsyncSession, command: TransferLead, *, now: datetime) -> Lead:
    """The lead is the advisor's, however many they have. One that is theirs already stays so, and nothing is published.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
        NotOnTheRoster: whom it is to go to is no active advisor of its store's roster.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    require_open(before)
    if before.advisor_id == command.advisor_id:
        return before
    if command.advisor_id is not None:
        standings = await db_advisors.lock(session, {(before.dealer_id, command.advisor_id)})
        require_active({command.advisor_id}, standings, stores={before.store_id})
    policies = await policy_of(session, {before.dealer_id}, LeadPolicy)
    due = policies[before.dealer_id].next_contact(before.grade, now, before.store_id)
    after = hand_over(before, command.advisor_id, due=due, at=now)
    change = Change(after, before.advisor_id, AssignmentReason.TRANSFERRED, command.by, command.note)
    await keep(session, [after], policies, at=now)
    await publish(session, await record_hand_over(session, [change], at=now))
    return after
