"""notification-service: what became of messages."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import Unsubscribed
from baoke_events.consuming import Subscriptions
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.withdraw_consents import WithdrawConsent, withdraw_consents
from lead_service.domain.consent import MessageChannel, Purpose

subscriptions = Subscriptions()

_CONSENTS = {(purpose.value, channel.value) for purpose in Purpose for channel in MessageChannel}
"""What a lead can consent to. Another purpose or channel, of a newer publisher, ends no consent that there is."""


@subscriptions.on(Unsubscribed)
async def withdraw_unsubscribed(session: AsyncSession, events: Sequence[Unsubscribed], *, now: datetime) -> None:
    """Leads' people who unsubscribed have no consent for it any more."""
    commands = [
        WithdrawConsent(e.dealer_id, e.party_id, Purpose(e.purpose), MessageChannel(e.channel), causation_id=e.id)
        for e in events
        if (e.purpose, e.channel) in _CONSENTS
    ]
    await withdraw_consents(session, commands, now=now)
