"""`baoke.messages`: what was said, what was not, and why. Key: the party, a lead or a customer."""

from uuid import UUID

from baoke_events.event import Event, Text, Word


class MessageEvent(Event, topic="baoke.messages", key="party_id", publishers=("notification-service",)):
    """What every fact about messages to one party says."""

    party_id: UUID


class MessageSent(MessageEvent, type="baoke.message.sent.v1"):
    """A provider took the message."""

    message_id: UUID
    message_class: Word
    """transactional, service or marketing."""
    channel: Word
    template: Text


class MessageDelivered(MessageEvent, type="baoke.message.delivered.v1"):
    """The provider's receipt says it arrived."""

    message_id: UUID
    channel: Word


class MessageFailed(MessageEvent, type="baoke.message.failed.v1"):
    """No provider would take it, or the receipt says it did not arrive."""

    message_id: UUID
    channel: Word
    reason: Word


class MessageSuppressed(MessageEvent, type="baoke.message.suppressed.v1"):
    """The message was not sent, for a rule's reason."""

    message_id: UUID
    message_class: Word
    template: Text
    reason: Word
    """capped, quiet_hours, no_consent, unsubscribed, no_contact, overtaken, expired, duplicate or erased."""


class Unsubscribed(MessageEvent, type="baoke.message.unsubscribed.v1"):
    """The party asked for an end of a purpose's messages on a channel."""

    purpose: Word
    channel: Word
    how: Word
    """one_click, page, sms_reply or staff."""
