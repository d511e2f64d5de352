"""A message between a sender's hands and a provider's: what was claimed, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notification_service.domain.messages import Channel, Message, MessageState, Reason
from notification_service.domain.parties import Contact

LEASE = timedelta(minutes=2)
"""How long a sender may hold a message; after that it must have died and another one takes over."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that may go now, on the first of `channels` that takes it."""

    message: Message
    contact: Contact
    channels: tuple[Channel, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Sent, to be tried again at `retry_at`, or failed for a reason; with the last channel tried and the words sent."""

    message: Message
    state: MessageState
    channel: Channel
    reason: Reason | None = None
    retry_at: datetime | None = None
    subject: str | None = None
    text: str | None = None
    template_version: int | None = None
