"""lead-service itself: who came back, and who bought."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import LeadCaptured, LeadWon, LeadWonCancelled
from baoke_events.consuming import Subscriptions
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.settle_opportunities import settle_after

subscriptions = Subscriptions()


@subscriptions.on(LeadCaptured, LeadWon, LeadWonCancelled)
async def settle_opportunities(
    session: AsyncSession, events: Sequence[LeadCaptured | LeadWon | LeadWonCancelled], *, now: datetime
) -> None:
    """Approaches to lost leads of these people have come to something.

    Heard of, and not done at intake: nobody who leaves a lead waits for what its person was once lost for.
    """
    await settle_after(session, [*{(event.dealer_id, event.lead_id): None for event in events}], now=now)
