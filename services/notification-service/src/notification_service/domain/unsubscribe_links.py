"""The token in an unsubscribe link: whom it is for, signed so that nobody can make one for somebody else."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from notification_service.domain.errors import UnknownUnsubscribeLink
from notification_service.domain.messages import MessageClass

_VERSION = b"\x01"
_IDS = 32
_MAC = 16


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Who no longer wants what: the purpose's messages, and the channel that carried the link."""

    dealer_id: UUID
    party_id: UUID
    purpose: str
    channel: str


@dataclass(frozen=True, slots=True)
class UnsubscribeLinks:
    """Makes links under `base_url` and reads the tokens in them; `secret` stays here."""

    base_url: str
    secret: bytes

    def url(self, subject: Unsubscription) -> str:
        """The link that ends these messages; short enough for an SMS and the same every time."""
        return f"{self.base_url.rstrip('/')}/u/{self.token(subject)}"

    def url_of(self, message_class: MessageClass, dealer_id: UUID, party_id: UUID, channel: str) -> str | None:
        """The link a message carries; none where it sells nothing."""
        if message_class is not MessageClass.MARKETING:
            return None
        return self.url(Unsubscription(dealer_id, party_id, message_class.value, channel))

    def token(self, subject: Unsubscription) -> str:
        """The signed token alone, in base64url."""
        words = f"{subject.purpose} {subject.channel}".encode("ascii")
        payload = _VERSION + subject.dealer_id.bytes + subject.party_id.bytes + words
        return urlsafe_b64encode(payload + self._mac(payload)).rstrip(b"=").decode("ascii")

    def read(self, token: str) -> Unsubscription:
        """Whom the token was made for.

        Raises:
            UnknownUnsubscribeLink: it was not made with this secret, or not whole.
        """
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (NotBase64, ValueError):
            raise UnknownUnsubscribeLink from None
        payload, mac = raw[:-_MAC], raw[-_MAC:]
        if not hmac.compare_digest(mac, self._mac(payload)) or self._is_other_spelling(raw, token):
            raise UnknownUnsubscribeLink
        return _parse(payload)

    def _mac(self, payload: bytes) -> bytes:
        return hmac.new(self.secret, payload, sha256).digest()[:_MAC]

    @staticmethod
    def _is_other_spelling(raw: bytes, token: str) -> bool:
        """Base64 readers skip stray characters and bits; one link has one spelling."""
        return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii") != token


def _parse(payload: bytes) -> Unsubscription:
    ids, words = payload[1 : 1 + _IDS], payload[1 + _IDS :]
    purpose, channel = words.decode("ascii").split(" ")
    return Unsubscription(UUID(bytes=ids[:16]), UUID(bytes=ids[16:]), purpose, channel)
