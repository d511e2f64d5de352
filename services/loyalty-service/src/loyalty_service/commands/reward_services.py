"""Completed services become points and count for the tier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.assess_tiers import assess_tiers
from loyalty_service.commands.award_points import Grant, award_points
from loyalty_service.db import activities as db_activities
from loyalty_service.domain.awards import Rule, service_points
from loyalty_service.domain.policy import LoyaltyPolicy
from loyalty_service.domain.tiers import ActivityKind


@dataclass(frozen=True, slots=True)
class RewardService:
    """Give a customer what one paid invoice is worth."""

    dealer_id: UUID
    customer_id: UUID
    source_event_id: UUID
    amount_cents: int
    completed_at: datetime
    origin: Origin


async def reward_services(session: AsyncSession, commands: Sequence[RewardService], *, now: datetime) -> None:
    """Each service is rewarded once, and counts once for the tier, however often it is told.

    A customer who is no member yet becomes one: the service may be heard of before the customer.
    """
    policies = await policy_of(session, {c.dealer_id for c in commands}, LoyaltyPolicy)
    grants = [
        Grant(
            c.dealer_id,
            c.customer_id,
            Rule.SERVICE,
            c.source_event_id,
            service_points(c.amount_cents, policies[c.dealer_id]),
            c.completed_at,
            c.origin,
        )
        for c in commands
    ]
    earned = await award_points(session, grants, now=now)
    await db_activities.add(session, [_deed(c) for c in commands])
    origins = {(c.dealer_id, c.customer_id): c.origin for c in commands}
    await publish(session, [*earned, *await assess_tiers(session, origins, now=now)])


def _deed(command: RewardService) -> db_activities.Deed:
    return db_activities.Deed(
        command.dealer_id,
        command.customer_id,
        command.source_event_id,
        ActivityKind.SERVICE,
        command.amount_cents,
        command.completed_at,
    )
