"""What this service says goes out as events, and onto the timelines of those it is about."""

from collections.abc import Sequence

from baoke_events.event import Event
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.append_timeline import append_timeline


async def announce(session: AsyncSession, events: Sequence[Event]) -> None:
    """Publish the events, in this order, and add those that concern a customer's story to the timeline."""
    await publish(session, events)
    await append_timeline(session, events)
