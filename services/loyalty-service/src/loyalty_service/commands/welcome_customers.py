"""Customers join the programme when they register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.enrol_members import enrol_members
from loyalty_service.commands.learn_purchases import LearnPurchase, learn_purchases
from loyalty_service.domain.purchases import Purchase


@dataclass(frozen=True, slots=True)
class WelcomeCustomer:
    """A person became a customer, perhaps by way of a lead."""

    dealer_id: UUID
    customer_id: UUID
    lead_id: UUID | None
    origin: Origin


async def welcome_customers(session: AsyncSession, commands: Sequence[WelcomeCustomer], *, now: datetime) -> None:
    """Every customer is a member, and is known to be who the lead became."""
    learned = [
        LearnPurchase(Purchase(c.dealer_id, c.lead_id, customer_id=c.customer_id), c.origin)
        for c in commands
        if c.lead_id
    ]
    completed = await learn_purchases(session, learned, now=now)
    enrolled = await enrol_members(session, {(c.dealer_id, c.customer_id): c.origin for c in commands}, now=now)
    await publish(session, [*completed, *enrolled])
