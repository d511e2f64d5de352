"""Moving a lead along its way."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.keep_leads import keep
from lead_service.db import leads as db_leads
from lead_service.domain.lead import Lead, move
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.response import answer
from lead_service.domain.stage import Stage


@dataclass(frozen=True, slots=True)
class MoveLead:
    """Put a lead at a stage. `stores` are those it may be in; None is all."""

    dealer_id: UUID
    lead_id: UUID
    stage: Stage
    stores: Collection[UUID] | None = None


async def move_lead(session: AsyncSession, command: MoveLead, *, now: datetime) -> Lead:
    """The lead is at the stage, and answered if it was new. One that was there is left alone, and nothing published.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
        StageNotReachable: the stage lies behind, or is a closed one.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    moved = move(before, command.stage)
    if moved == before:
        return before
    policies = await policy_of(session, {command.dealer_id}, LeadPolicy)
    after = replace(answer(before, policies[command.dealer_id].working, at=now), stage=moved.stage)
    await keep(session, [after], policies, at=now)
    await publish(session, [facts.stage_changed(before, after, at=now)])
    return after
