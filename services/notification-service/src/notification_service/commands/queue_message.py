"""Say something to one party because somebody asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.ids import uuid7
from baoke_events.origin import Origin
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db import messages as db_messages
from notification_service.domain.messages import Channel, Message, MessageClass
from notification_service.templates.catalogue import template_named
from notification_service.templates.rendering import check_data

PRIORITY = 50


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """Send the template, filled with the data, on the first of the channels that takes it."""

    dealer_id: UUID
    party_id: UUID
    message_class: MessageClass
    template: str
    data: Mapping[str, object]
    channels: tuple[Channel, ...]


async def queue_message(session: AsyncSession, command: QueueMessage, *, now: datetime) -> Message:
    """The message waits for the next sender, under the same rules as any other.

    Raises:
        UnknownTemplate: there is no such template.
        UnfitTemplateData: the data does not fill it, in whichever language the party reads.
    """
    check_data(template_named(command.template), command.channels, command.data)
    origin = Origin.now()
    message = Message(
        dealer_id=command.dealer_id,
        message_id=uuid7(),
        party_id=command.party_id,
        journey=None,
        message_class=command.message_class,
        priority=PRIORITY,
        template=command.template,
        data=command.data,
        channels=command.channels,
        occurred_at=now,
        due_at=now,
        correlation_id=origin.correlation_id,
        traceparent=origin.traceparent,
    )
    await db_messages.plan(session, [message])
    return message
