"""Scoped keys for partner systems. Only a hash is kept; the key is shown once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from baoke_events.ids import uuid7
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

PREFIX = "bk"

_ADD = text("""
INSERT INTO api_key (dealer_id, key_id, name, secret_sha256, scopes, created_by)
VALUES (:dealer_id, :key_id, :name, :hash, CAST(:scopes AS text[]), :created_by)
""")
_FIND = text(
    "SELECT dealer_id, key_id, secret_sha256, scopes FROM api_key WHERE key_id = :key_id AND revoked_at IS NULL"
)
_LIST = text("""
SELECT key_id, name, scopes, created_by, created_at, revoked_at FROM api_key
WHERE dealer_id = :dealer_id AND (CAST(:after AS uuid) IS NULL OR key_id < :after)
ORDER BY key_id DESC LIMIT :limit
""")
_REVOKE = text("""
UPDATE api_key SET revoked_at = coalesce(revoked_at, :now)
WHERE dealer_id = :dealer_id AND key_id = :key_id RETURNING key_id
""")


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """What a presented key stands for."""

    dealer_id: UUID
    key_id: UUID
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyListing:
    """A key as its dealer sees it later: without the secret."""

    key_id: UUID
    name: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


async def add(
    session: AsyncSession, dealer_id: UUID, *, name: str, scopes: Sequence[str], created_by: str
) -> tuple[UUID, str]:
    """Make a key. Returns its id and the key itself, which cannot be shown again."""
    key_id, secret = uuid7(), secrets.token_urlsafe(32)
    values = {"dealer_id": dealer_id, "key_id": key_id, "name": name, "hash": _hash(secret), "created_by": created_by}
    await session.execute(_ADD, {**values, "scopes": list(scopes)})
    return key_id, f"{PREFIX}_{key_id.hex}_{secret}"


async def find(session: AsyncSession, key: str) -> KeyHolder | None:
    """Who holds the key, if anybody does now."""
    prefix, _, rest = key.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != PREFIX or not _is_hex_uuid(key_id):
        return None
    row = (await session.execute(_FIND, {"key_id": UUID(key_id)})).one_or_none()
    if row is None or not compare_digest(row.secret_sha256, _hash(secret)):
        return None
    return KeyHolder(row.dealer_id, row.key_id, tuple(row.scopes))


async def listed(session: AsyncSession, dealer_id: UUID, *, after: UUID | None, limit: int) -> list[KeyListing]:
    """The dealer's keys, newest first."""
    rows = await session.execute(_LIST, {"dealer_id": dealer_id, "after": after, "limit": limit})
    return [KeyListing(**row._mapping) for row in rows]  # noqa: SLF001 (SQLAlchemy's public name)


async def revoke(session: AsyncSession, dealer_id: UUID, key_id: UUID, *, now: datetime) -> bool:
    """The key opens nothing any more. False where the dealer has no such key."""
    return await session.scalar(_REVOKE, {"dealer_id": dealer_id, "key_id": key_id, "now": now}) is not None


def _hash(secret: str) -> bytes:
    """A plain hash suffices: the secret is 256 random bits, not a password."""
    return sha256(secret.encode()).digest()


def _is_hex_uuid(value: str) -> bool:
    return len(value) == len(UUID(int=0).hex) and all(c in "0123456789abcdef" for c in value)
