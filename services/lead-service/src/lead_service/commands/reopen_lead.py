"""Working a lost lead again, because its person called back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.keep_leads import keep_reopened
from lead_service.commands.settle_opportunities import settle_after
from lead_service.db import leads as db_leads
from lead_service.db import reopenings as db_reopenings
from lead_service.db.reopenings import Reopening
from lead_service.domain.defeat import require_lost
from lead_service.domain.lead import Lead, reopen
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.stage import Stage


@dataclass(frozen=True, slots=True)
class ReopenLead:
    """Work a lost lead again. `stores` are those it may be in; None is all."""

    dealer_id: UUID
    lead_id: UUID
    by: str
    note: str | None = None
    stores: Collection[UUID] | None = None


async def reopen_lead(session: AsyncSession, command: ReopenLead, *, now: datetime) -> Lead:
    """The lead is at `contacted` and owed its next contact; an approach that was open is a re-engagement.

    Its defeat stays on record beside it, and no signal speaks to it any more.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadNotDefeated: the lead was not lost.
        PersonHasOpenLead: the person has come back meanwhile, with a lead that is worked.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    require_lost(before)
    policies = await policy_of(session, {before.dealer_id}, LeadPolicy)
    due_at = policies[before.dealer_id].next_contact(before.grade, now, before.store_id)
    opened = reopen(before, Stage.CONTACTED, due_at=due_at)
    after, handed_over = await keep_reopened(session, opened, policies, by=command.by, at=now)
    reopening = Reopening(after.dealer_id, uuid7(), after.id, command.note, command.by, now)
    reason, defeated_at = await db_reopenings.take_back(session, reopening)
    await settle_after(session, [(after.dealer_id, after.id)], now=now)
    told = facts.reopened(after, reason=reason, defeated_at=defeated_at, at=now)
    await publish(session, [facts.stage_changed(before, after, at=now), told, *handed_over])
    return after
