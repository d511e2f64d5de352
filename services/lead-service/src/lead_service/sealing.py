"""Secrets as they are kept: encrypted, because a signature is checked with the secret itself and not with its hash."""

import os
from base64 import b64decode, b64encode
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class SealBroken(Exception):
    """What was kept was sealed under another key."""


class Seal:
    """AES-256-GCM (NIST SP 800-38D) under a key that HKDF (RFC 5869) makes of the operator's own.

    What is sealed of one thing opens for no other, so rows cannot be swapped.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(HKDF(SHA256(), 32, salt=None, info=b"baoke intake secrets 1").derive(key))

    def close(self, secret: str, *, of: UUID) -> str:
        """The secret of that thing, as it may be kept."""
        nonce = os.urandom(_NONCE_BYTES)
        return b64encode(nonce + self._cipher.encrypt(nonce, secret.encode(), of.bytes)).decode()

    def open(self, sealed: str, *, of: UUID) -> str:
        """The secret that was sealed of that thing.

        Raises:
            SealBroken: it was sealed under another key, or of another thing.
        """
        raw = b64decode(sealed)
        try:
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], of.bytes).decode()
        except InvalidTag as error:
            raise SealBroken("the key that seals intake secrets was changed; renew this source's secret") from error
