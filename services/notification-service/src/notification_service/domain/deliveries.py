"""A message between a sender's hands and a provider's: what was claimed, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notification_service.domain.messages import Channel, Message, MessageState, Reason
from notification_service.domain.parties import Contact
from notification_service.domain.retries import pause_after

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
    channel: Channel | None
    """None where no channel was tried, which does not count as an attempt."""
    reason: Reason | None = None
    retry_at: datetime | None = None
    subject: str | None = None
    text: str | None = None
    template_version: int | None = None


def untried(message: Message, *, now: datetime) -> Outcome:
    """The sender's time did not suffice for the message: whoever comes next may have it at once."""
    return Outcome(message, MessageState.WAITING, None, retry_at=now)


def unanswered(message: Message, channel: Channel, *, now: datetime) -> Outcome:
    """Nobody knows whether it was taken: it waits to be tried again, or has failed if that was the last try."""
    pause = pause_after(message.attempts + 1)
    if pause is None:
        return Outcome(message, MessageState.FAILED, channel, Reason.PROVIDER_AWAY)
    return Outcome(message, MessageState.WAITING, channel, Reason.PROVIDER_AWAY, retry_at=now + pause)
