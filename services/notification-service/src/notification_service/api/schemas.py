"""Bodies and answers."""

import json
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import ConfigDict, Field, JsonValue, field_validator

from notification_service.domain.journeys import Journey
from notification_service.domain.messages import Channel, MessageClass, MessageState, Reason

MAX_DATA = 10_000


class MessageRequest(Body):
    """What to say to whom."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "party_id": "0199d3a0-0000-7000-8000-000000000001",
                    "class": "service",
                    "template": "notice",
                    "data": {"title": "春节营业安排", "text": "本店2月16日至18日休息，19日起正常营业。"},
                    "channels": ["sms", "email"],
                }
            ]
        }
    )

    party_id: UUID
    """A lead or a customer. Their contact may still be on its way here; the message waits a minute for it."""
    message_class: MessageClass = Field(alias="class")
    template: Annotated[str, Field(min_length=1, max_length=100)]
    """One of `GET /v1/templates`."""
    data: Annotated[dict[str, JsonValue], Field(max_length=100)] = Field(default_factory=dict)
    """Every field the template reads; its example shows them."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=len(Channel))] = tuple(Channel)
    """In the order in which they are tried."""

    @field_validator("data")
    @classmethod
    def _is_short(cls, data: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if len(json.dumps(data, ensure_ascii=False)) > MAX_DATA:
            raise ValueError(f"at most {MAX_DATA} characters as JSON")
        return data


class MessageQueued(Reply):
    """The message was accepted; `GET /v1/messages` tells what becomes of it."""

    message_id: UUID
    state: MessageState


class MessageReply(Reply):
    """One message: what was said, or why it was not."""

    message_id: UUID
    party_id: UUID
    journey: str | None
    """The journey that planned it; null where it was sent through `POST /v1/messages`."""
    message_class: MessageClass = Field(serialization_alias="class")
    priority: int
    template: str
    template_version: int | None
    """Of the words that were sent."""
    state: MessageState
    reason: Reason | None
    """Why it waits, was suppressed or failed."""
    channels: list[Channel]
    """In the order in which they are tried."""
    channel: Channel | None
    """The channel that took it, or the last one tried."""
    subject: str | None
    text: str | None
    """What the customer was sent, whole."""
    occurred_at: datetime
    """When what it answers happened."""
    due_at: datetime
    wake_at: datetime
    """When a sender next looks at it, while it waits."""
    settled_at: datetime | None
    """When it was sent, suppressed or given up."""
    causation_id: UUID | None
    """The event that set it off."""
    correlation_id: UUID | None
    trace_id: str | None
    """The trace from the request that started it all to this message."""
    unsubscribe_url: str | None
    """The link in a marketing message."""


class ReasonCount(Reply):
    """How many messages for one reason."""

    reason: Reason
    count: int


class ContactBudgetReply(Reply):
    """How much more a person can be told today, all channels and journeys together."""

    party_id: UUID
    person_id: UUID
    """The customer a lead became; else the party itself. Parties of one person share one budget."""
    on_date: date
    """Today in the person's time zone."""
    time_zone: str
    cap: int
    used: int
    """Marketing and service messages sent today."""
    reserved: int
    """Such messages on their way."""
    left: int
    resets_at: datetime
    suppressed_today: list[ReasonCount]
    """Messages that were not sent today and never will be."""
    waiting: list[ReasonCount]
    """Messages that wait for a reason, such as quiet hours."""


class TemplateReply(Reply):
    """One thing to say, and the data it takes."""

    name: str
    version: int
    about: str
    example: dict[str, Any]
    """Data that fills it: every field it reads."""


class TemplateList(Reply):
    """Everything that can be said, by name."""

    templates: list[TemplateReply]


class JourneyList(Reply):
    """The journeys in force, in the order in which they are tried."""

    journeys: list[Journey]


class PreviewReply(Reply):
    """The words as one reader would get them."""

    template: str
    version: int
    locale: str
    channel: Channel
    subject: str | None
    text: str
