"""Record what became of the messages a sender delivered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from baoke_events import MessageFailed, MessageSent
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.settle_places import settle_places
from notification_service.db import messages as db_messages
from notification_service.domain.deliveries import Outcome
from notification_service.domain.messages import MessageState


async def settle_messages(session: AsyncSession, claim_id: UUID, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Each outcome stands, and `MessageSent` or `MessageFailed` says so, in the story of what planned the message.

    A place in the day's budget is used up by what was sent and given back by what failed; what is
    tried again keeps it. A message whose lease ended and that another sender took is that sender's to record.
    """
    ours = await db_messages.settle(session, outcomes, claim_id=claim_id, now=now)
    settled = [o for o in outcomes if o.message.message_id in ours]
    await settle_places(
        session,
        used=[o.message for o in settled if o.state is MessageState.SENT],
        released=[o.message for o in settled if o.state is MessageState.FAILED],
    )
    await publish(session, [_fact(o, now) for o in settled if o.state is not MessageState.WAITING])


def _fact(outcome: Outcome, now: datetime) -> MessageSent | MessageFailed:
    message = outcome.message
    about = {
        "dealer_id": message.dealer_id,
        "occurred_at": now,
        "causation_id": message.causation_id,
        "correlation_id": message.correlation_id,
        "traceparent": message.traceparent,
        "party_id": message.party_id,
        "message_id": message.message_id,
        "channel": outcome.channel,
    }
    if outcome.state is MessageState.SENT:
        return MessageSent.model_validate(
            {**about, "message_class": message.message_class, "template": message.template}
        )
    return MessageFailed.model_validate({**about, "reason": outcome.reason})
