"""What customer-service tells of people."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import CustomerRegistered
from baoke_events.consuming import Subscriptions, origin_of
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.welcome_customers import WelcomeCustomer, welcome_customers

subscriptions = Subscriptions()


@subscriptions.on(CustomerRegistered)
async def enrol_customers(session: AsyncSession, events: Sequence[CustomerRegistered], *, now: datetime) -> None:
    """Make members of new customers, and learn which lead became whom."""
    welcomed = [WelcomeCustomer(e.dealer_id, e.customer_id, e.lead_id, origin_of(e.id)) for e in events]
    await welcome_customers(session, welcomed, now=now)
