"""Phones are compared, never kept."""

import hmac
from uuid import UUID


def phone_hash(key: bytes, dealer_id: UUID, phone: str) -> bytes:
    """HMAC-SHA-256 (RFC 2104) of an E.164 number, 32 bytes.

    Equal numbers of one dealer have equal hashes. Without the key nothing follows from a hash, and
    those of two dealers cannot be compared.
    """
    return hmac.digest(key, dealer_id.bytes + phone.encode(), "sha256")
