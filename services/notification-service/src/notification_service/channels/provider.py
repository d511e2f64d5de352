"""What a provider is given and how it may answer."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from notification_service.domain.messages import Channel


@dataclass(frozen=True, slots=True)
class Parcel:
    """One composed message to one address."""

    dealer_id: UUID
    message_id: UUID
    """Also the provider's idempotency key: the same id is the same message, however often it is handed over."""
    channel: Channel
    address: str
    sender: str
    subject: str | None
    text: str
    template_version: int
    unsubscribe_url: str | None


class Refused(Exception):
    """The provider will never take this parcel; another channel may."""


class ProviderAway(Exception):
    """The provider gave no answer, or asked to be left alone for now. It may have taken the parcel."""


class Provider(Protocol):
    """Delivers on one channel."""

    async def deliver(self, parcel: Parcel) -> None:
        """The parcel is the provider's from now on.

        Raises:
            Refused: it never will be.
            ProviderAway: nobody knows; hand it over again later.
        """
