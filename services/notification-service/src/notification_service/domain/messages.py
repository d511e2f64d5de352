"""What a message is, where it can go and what can become of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class MessageClass(StrEnum):
    """Why something is said; decides which rules hold for it."""

    TRANSACTIONAL = "transactional"
    """What the customer is waiting for: a booking, the progress of a visit, the answer to a complaint."""
    SERVICE = "service"
    """What is useful for what they own: reminders, points, thanks."""
    MARKETING = "marketing"
    """What the dealer would like to sell."""

    @property
    def purpose(self) -> str | None:
        """The purpose somebody must have consented to; none for a transactional message."""
        return None if self is MessageClass.TRANSACTIONAL else self.value

    @property
    def is_limited(self) -> bool:
        """Whether the daily cap and quiet hours hold for it."""
        return self is not MessageClass.TRANSACTIONAL


class Channel(StrEnum):
    """Where a message can be delivered."""

    SMS = "sms"
    EMAIL = "email"


class MessageState(StrEnum):
    """Where a message stands. The last three are final."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a message waits, was not sent, or failed."""

    QUIET_HOURS = "quiet_hours"
    NO_CONTACT = "no_contact"
    NO_CONSENT = "no_consent"
    UNSUBSCRIBED = "unsubscribed"
    CAPPED = "capped"
    OVERTAKEN = "overtaken"
    """A later event made it pointless, such as a greeting to a lost lead who has bought since."""
    EXPIRED = "expired"
    """What it offers has ended."""
    UNRENDERABLE = "unrenderable"
    REFUSED = "refused"
    """The provider will never take it."""
    PROVIDER_AWAY = "provider_away"
    """The provider does not answer; while waiting, it will be asked again."""
    NO_PROVIDER = "no_provider"
    """Nobody is connected who could deliver on its channels."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say to one party, with the event it goes back to."""

    dealer_id: UUID
    message_id: UUID
    party_id: UUID
    journey: str | None
    """The journey that planned it; none where somebody asked for it over HTTP."""
    message_class: MessageClass
    priority: int
    """0 to 100; where the day's cap does not reach for all, the highest go first."""
    template: str
    data: Mapping[str, object]
    """JSON values that fill the template."""
    channels: tuple[Channel, ...]
    """In the order in which they are tried."""
    occurred_at: datetime
    """When what it answers happened."""
    due_at: datetime
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    traceparent: str | None = None
    attempts: int = 0
    """How often a sender has tried to deliver it."""
    counted_on: date | None = None
    """The day whose budget it holds a reservation of."""

    @property
    def valid_until(self) -> date | None:
        """The last day of what it offers, if that ends: the `valid_until` of its data."""
        try:
            return date.fromisoformat(str(self.data.get("valid_until")))
        except ValueError:
            return None
