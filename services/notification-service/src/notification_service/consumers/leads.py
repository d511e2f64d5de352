"""`baoke.leads`: leads that are lost, won back, worked again and won."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import (
    LeadDefeated,
    LeadReactivated,
    LeadReactivationEnded,
    LeadReopened,
    LeadWon,
    LeadWonCancelled,
)
from baoke_events.consuming import Subscriptions
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.plan_messages import plan_messages
from notification_service.consumers.occurrences import occurrence_of

subscriptions = Subscriptions()

Story = LeadDefeated | LeadReactivated | LeadReactivationEnded | LeadReopened | LeadWon | LeadWonCancelled


@subscriptions.on(LeadDefeated, LeadReactivated, LeadReactivationEnded, LeadReopened, LeadWon, LeadWonCancelled)
async def stay_in_touch_with_leads(session: AsyncSession, events: Sequence[Story], *, now: datetime) -> None:
    """Set off the journeys of lost leads, and end them when the lead is back or there is no more to say."""
    await plan_messages(session, [occurrence_of(e, e.lead_id) for e in events], now=now)
