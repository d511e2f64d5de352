"""Record what became of the messages a sender delivered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from baoke_events import MessageFailed, MessageSent
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db import budgets as db_budgets
from notification_service.db import messages as db_messages
from notification_service.db import parties as db_parties
from notification_service.domain.budget import BudgetKey, moves
from notification_service.domain.deliveries import Outcome
from notification_service.domain.messages import Message, MessageState
from notification_service.domain.parties import PartyKey


async def settle_messages(session: AsyncSession, claim_id: UUID, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Each outcome stands, and `MessageSent` or `MessageFailed` says so, in the story of what planned the message.

    A place in the day's budget is used up by what was sent and given back by what failed; what is
    tried again keeps it. A message whose lease ended and that another sender took is that sender's to record.
    """
    ours = await db_messages.settle(session, outcomes, claim_id=claim_id, now=now)
    settled = [o for o in outcomes if o.message.message_id in ours]
    await _settle_budgets(session, settled)
    await publish(session, [_fact(o, now) for o in settled if o.state is not MessageState.WAITING])


async def _settle_budgets(session: AsyncSession, outcomes: Sequence[Outcome]) -> None:
    counted = [(o, day) for o in outcomes if (day := o.message.counted_on) and o.state is not MessageState.WAITING]
    parties = await db_parties.reachable(session, {_party_of(o.message) for o, _ in counted})
    keys = [(o.state, BudgetKey(*parties[_party_of(o.message)].person, day)) for o, day in counted]
    use = [key for state, key in keys if state is MessageState.SENT]
    release = [key for state, key in keys if state is MessageState.FAILED]
    await db_budgets.lock(session, {*use, *release})
    await db_budgets.apply(session, moves(use=use, release=release))


def _party_of(message: Message) -> PartyKey:
    return PartyKey(message.dealer_id, message.party_id)


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
