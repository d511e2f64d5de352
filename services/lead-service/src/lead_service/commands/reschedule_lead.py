"""Putting a lead's next contact on another date."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.keep_leads import keep
from lead_service.db import changes as db_changes
from lead_service.db import follow_ups as db_follow_ups
from lead_service.db import leads as db_leads
from lead_service.domain.grading import ContactMove, reschedule
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy


@dataclass(frozen=True, slots=True)
class RescheduleLead:
    """Owe a lead its next contact at another time, and say why. `stores` are those it may be in; None is all."""

    dealer_id: UUID
    lead_id: UUID
    next_contact_at: datetime
    reason: str
    moved_by: str
    stores: Collection[UUID] | None = None


async def reschedule_lead(session: AsyncSession, command: RescheduleLead, *, now: datetime) -> Lead:
    """The next contact is due at the time given, or soon after the store opens; who moved it is on record.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
        NextContactInThePast: the time has passed.
        NextContactTooFar: it is later than a lead of this grade may wait.
        ContactOverdue: the contact that would be moved is late already.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    policies = await policy_of(session, {command.dealer_id}, LeadPolicy)
    since = await db_follow_ups.last_made(session, before) or before.captured_at
    after = reschedule(before, command.next_contact_at, policies[command.dealer_id], since=since, at=now)
    from_at, to_at = before.next_contact_at or now, after.next_contact_at or now
    if from_at == to_at:
        return before
    await keep(session, [after], policies, at=now)
    move = ContactMove(uuid7(), from_at, to_at, command.reason, command.moved_by, now)
    await db_changes.add_move(session, after, move)
    await publish(session, [facts.rescheduled(after, from_at=from_at, to_at=to_at, at=now)])
    return after
