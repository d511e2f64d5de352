"""Turn what happened into messages that wait for their time."""

from collections.abc import Sequence
from datetime import datetime

from baoke_chassis.policy import policy_of
from baoke_events import MessageSuppressed
from baoke_events.consuming import origin_of
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.settle_places import settle_places
from notification_service.db import messages as db_messages
from notification_service.db import undone_facts as db_undone
from notification_service.db.messages import Overtaking
from notification_service.domain.journeys import Occurrence, Planned, overtaken, set_off, undone
from notification_service.domain.messages import Message, Reason
from notification_service.domain.parties import PartyKey
from notification_service.domain.policy import NotificationPolicy


async def plan_messages(session: AsyncSession, occurrences: Sequence[Occurrence], *, now: datetime) -> None:
    """Each occurrence has set off its journeys once, however often it is heard of.

    Messages that an occurrence made pointless are suppressed and `MessageSuppressed` says so, also those of a fact
    that is heard of only after it was undone. The place in the day's budget that one kept, because its provider was
    away, is free for another.
    """
    policies = await policy_of(session, {o.dealer_id for o in occurrences}, NotificationPolicy)
    journeys = {dealer_id: policy.effective_journeys() for dealer_id, policy in policies.items()}
    planned = [p for o in occurrences for p in set_off(o, journeys[o.dealer_id])]
    await db_messages.plan(session, [_message(p, now) for p in planned])
    overtakings = [
        Overtaking(PartyKey(o.dealer_id, o.party_id), journey, o.occurred_at)
        for o in occurrences
        for journey in overtaken(o, journeys[o.dealer_id])
    ]
    undoings = [u for o in occurrences for u in undone(o, journeys[o.dealer_id])]
    await db_undone.keep(session, undoings)
    concerned = {PartyKey(o.dealer_id, o.party_id) for o in occurrences}
    pointless = [
        *await db_messages.overtake(session, overtakings, now=now),
        *await db_undone.suppress(session, concerned, now=now),
    ]
    await settle_places(session, used=[], released=pointless)
    await publish(session, [suppressed(message, Reason.OVERTAKEN, now=now) for message in pointless])


def suppressed(message: Message, reason: Reason, *, now: datetime) -> MessageSuppressed:
    """The fact that the message will never be sent, in the story of what planned it."""
    return MessageSuppressed(
        dealer_id=message.dealer_id,
        occurred_at=now,
        causation_id=message.causation_id,
        correlation_id=message.correlation_id,
        traceparent=message.traceparent,
        party_id=message.party_id,
        message_id=message.message_id,
        message_class=message.message_class,
        template=message.template,
        reason=reason,
    )


def _message(planned: Planned, now: datetime) -> Message:
    occurrence, journey = planned.occurrence, planned.journey
    origin = origin_of(occurrence.event_id)
    return Message(
        dealer_id=occurrence.dealer_id,
        message_id=uuid7(),
        party_id=occurrence.party_id,
        journey=journey.name,
        message_class=journey.message_class,
        priority=journey.priority,
        template=journey.template,
        data=occurrence.data,
        channels=journey.channels,
        occurred_at=occurrence.occurred_at,
        due_at=planned.due_at(now),
        causation_id=occurrence.event_id,
        correlation_id=origin.correlation_id,
        traceparent=origin.traceparent,
    )
