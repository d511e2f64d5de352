"""`baoke.customers`: who leads turned out to be, and what journeys start from."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import ChurnWarned, ComplaintOpened, CustomerRegistered, TradeInCandidateFound
from baoke_events.consuming import Subscriptions
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.link_persons import link_persons
from notification_service.commands.plan_messages import plan_messages
from notification_service.consumers.occurrences import occurrence_of
from notification_service.domain.parties import Link, PartyKey

subscriptions = Subscriptions()


@subscriptions.on(CustomerRegistered)
async def join_leads_with_customers(
    session: AsyncSession,
    events: Sequence[CustomerRegistered],
    *,
    now: datetime,
) -> None:
    """Treat a lead and the customer it became as one person."""
    await link_persons(session, [Link(PartyKey(e.dealer_id, e.lead_id), e.customer_id) for e in events if e.lead_id])


@subscriptions.on(ComplaintOpened, ChurnWarned, TradeInCandidateFound)
async def answer_customers(
    session: AsyncSession, events: Sequence[ComplaintOpened | ChurnWarned | TradeInCandidateFound], *, now: datetime
) -> None:
    """Set off the journeys of customers who complain, drift away or might trade in."""
    await plan_messages(session, [occurrence_of(e, e.customer_id) for e in events], now=now)
