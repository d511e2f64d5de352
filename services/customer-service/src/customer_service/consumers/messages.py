"""What was said to parties and what they no longer want to hear, from notification-service."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import MessageSent, MessageSuppressed, Unsubscribed
from baoke_events.consuming import Subscriptions
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.append_timeline import append_timeline
from customer_service.commands.change_consents import withdraw_consents
from customer_service.domain.leads import OptOut

subscriptions = Subscriptions()


@subscriptions.on(Unsubscribed)
async def withdraw_on_unsubscribe(session: AsyncSession, events: Sequence[Unsubscribed], *, now: datetime) -> None:
    """Take an unsubscribed purpose on a channel as a withdrawal of consent."""
    opt_outs = [
        OptOut(event.dealer_id, event.party_id, event.purpose, event.channel, event.how, event.occurred_at)
        for event in events
    ]
    answers = {(event.dealer_id, event.party_id): event.id for event in events}
    await withdraw_consents(session, opt_outs, answers, now=now)


@subscriptions.on(MessageSent, MessageSuppressed, Unsubscribed)
async def tell_timeline(session: AsyncSession, events: Sequence[Event], *, now: datetime) -> None:
    """Show what the party heard, and what it did not hear and why."""
    await append_timeline(session, events)
