"""A person who was approached says no."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import opportunities as db_opportunities
from lead_service.domain.opportunity import Opportunity, decline
from lead_service.domain.policy import LeadPolicy


@dataclass(frozen=True, slots=True)
class DeclineReactivation:
    """Record that the person is not interested. `stores` are those the lead may be in; None is all."""

    dealer_id: UUID
    reactivation_id: UUID
    stores: Collection[UUID] | None = None


async def decline_reactivation(session: AsyncSession, command: DeclineReactivation, *, now: datetime) -> Opportunity:
    """The opportunity has ended, and the person is left alone as long as the policy says. Twice changes nothing.

    Raises:
        ReactivationNotFound: the dealer has no such re-activation in these stores.
        NotApproached: the lead is held out.
        ReactivationEnded: the person came back, or the time is over.
    """
    before = await db_opportunities.lock(session, command.dealer_id, command.reactivation_id, stores=command.stores)
    after = decline(before, at=now)
    if after != before:
        await db_opportunities.save(session, [after])
        policy = (await rules_of(session, after.dealer_id, LeadPolicy)).reactivation
        await db_opportunities.leave_alone(session, after.dealer_id, after.lead_id, until=now + policy.left_alone)
        await publish(session, [facts.reactivation_ended(after, at=now)])
    return after
