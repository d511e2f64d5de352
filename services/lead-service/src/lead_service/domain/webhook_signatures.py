"""Signatures of webhooks: Standard Webhooks 1.0 (HMAC-SHA256), and the plain form that Chinese platforms use."""

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from lead_service.domain.errors import SignatureRefused
from lead_service.domain.intake import Signing

PREFIX = "whsec_"
SHORTEST_KEY, LONGEST_KEY = 24, 64
SHORTEST_WORD, LONGEST_WORD = 16, 256
LONGEST_ID = 200


def require_usable(secret: str, signing: Signing) -> None:
    """Let a secret pass that signatures can be made with.

    Raises:
        ValueError: it is not of the form that the way of signing wants.
    """
    if signing is Signing.HMAC_SHA256_HEX:
        if not SHORTEST_WORD <= len(secret.encode()) <= LONGEST_WORD:
            raise ValueError(f"a secret has {SHORTEST_WORD} to {LONGEST_WORD} bytes")
        return
    if not SHORTEST_KEY <= len(_key(secret)) <= LONGEST_KEY:
        raise ValueError(f"a secret is {PREFIX} and {SHORTEST_KEY} to {LONGEST_KEY} bytes in base64")


def written(key: bytes, signing: Signing) -> str:
    """A secret of these random bytes, as it is shown to the partner."""
    return PREFIX + b64encode(key).decode() if signing is Signing.STANDARD_WEBHOOKS else key.hex()


def standard_signature(secret: str, delivery_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a delivery, in base64: of `id.timestamp.body` (Standard Webhooks 1.0)."""
    signed = b".".join((delivery_id.encode(), timestamp.encode(), body))
    return b64encode(hmac.digest(_key(secret), signed, sha256)).decode()


def hex_signature(secret: str, body: bytes) -> str:
    """The signature of a body, in lower-case hexadecimal."""
    return hmac.digest(secret.encode(), body, sha256).hex()


def verify_standard(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, now: datetime, tolerance: timedelta
) -> str:
    """The id of a delivery that one of the secrets signed, lately.

    Every secret is tried against every signature given, in a time that does not tell how nearly one fits.

    Raises:
        SignatureRefused: nothing fits, or the timestamp is too old, too new or none.
    """
    delivery_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = [value for kind, _, value in map(_versioned, headers.get("webhook-signature", "").split()) if kind == "v1"]
    expected = [standard_signature(secret, delivery_id, timestamp, body) for secret in secrets]
    fits = [hmac.compare_digest(one.encode(), other.encode()) for one in expected for other in given[:10]]
    if not 0 < len(delivery_id) <= LONGEST_ID or not any(fits):
        raise SignatureRefused
    require_recent(_unix(timestamp), now=now, tolerance=tolerance)
    return delivery_id


def verify_hex(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> str:
    """The id of a delivery whose body one of the secrets signed: its signature, for it has no other.

    Raises:
        SignatureRefused: nothing fits.
    """
    given = headers.get("x-signature", "").strip().removeprefix("sha256=").lower()
    expected = [hex_signature(secret, body) for secret in secrets]
    fits = [hmac.compare_digest(one.encode(), given.encode()) for one in expected]
    if not any(fits):
        raise SignatureRefused
    return f"body:{sha256(body).hexdigest()}"


def require_recent(sent_at: datetime, *, now: datetime, tolerance: timedelta) -> None:
    """Let a delivery pass that was sent lately, by clocks that may differ a little.

    Raises:
        SignatureRefused: it is too old, or from the future.
    """
    if abs(now - sent_at) > tolerance:
        raise SignatureRefused


def _versioned(signature: str) -> tuple[str, str, str]:
    return signature.partition(",")


def _unix(timestamp: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SignatureRefused from error


def _key(secret: str) -> bytes:
    try:
        return b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(f"a secret is {PREFIX} and base64") from error
