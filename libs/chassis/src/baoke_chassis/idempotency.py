"""`Idempotency-Key`: a write that is sent twice happens once and is answered alike.

The answer is stored in the transaction of the write itself, so there is no moment at which one
exists without the other. A lock that ends with the transaction tells a key that is still running.
"""

import json
from collections.abc import Awaitable, Callable
from hashlib import sha256
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import Message

HEADER = "idempotency-key"
KEPT_HOURS = 24
MAX_KEY = 200

_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
_FIND = text("""
SELECT fingerprint, status, headers, body FROM idempotency_key
WHERE dealer_id = :dealer_id AND caller = :caller AND key = :key AND created_at > now() - interval '24 hours'
""")
_KEEP = text("""
INSERT INTO idempotency_key (dealer_id, caller, key, fingerprint, status, headers, body)
VALUES (:dealer_id, :caller, :key, :fingerprint, :status, CAST(:headers AS jsonb), :body)
ON CONFLICT (dealer_id, caller, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status,
    headers = excluded.headers, body = excluded.body, created_at = now()
""")
_FORGET = text("DELETE FROM idempotency_key WHERE created_at < now() - interval '24 hours'")


class IdempotencyKeyReused(Exception):
    """The Idempotency-Key was used for another request."""


class IdempotencyKeyInUse(Exception):
    """A request with this Idempotency-Key is still running."""


class IdempotencyKeyInvalid(Exception):
    """An Idempotency-Key has 1 to 200 characters."""


async def answered_once(
    session: AsyncSession,
    request: Request,
    *,
    dealer_id: UUID,
    caller: str,
    answer: Callable[[Request], Awaitable[Response]],
) -> Response:
    """The stored answer of this key, or a fresh one, stored with what it did unless it is `no-store`, such as a secret.

    Raises:
        IdempotencyKeyReused: the key belongs to a request with another path or body.
        IdempotencyKeyInUse: the first request with this key has not finished.
        IdempotencyKeyInvalid: the key is empty or too long.
    """
    key = request.headers[HEADER]
    if not 0 < len(key) <= MAX_KEY:
        raise IdempotencyKeyInvalid
    who = {"dealer_id": dealer_id, "caller": caller, "key": key}
    fingerprint = _Fingerprint(request)
    if not await session.scalar(_LOCK, {"name": f"{dealer_id}/{caller}/{key}"}):
        raise IdempotencyKeyInUse("ask again when it has answered")
    if stored := (await session.execute(_FIND, who)).one_or_none():
        return _replayed(stored, await fingerprint.whole())
    response = await answer(Request(request.scope, fingerprint.receive))
    if "no-store" in response.headers.get("cache-control", ""):
        return response
    kept = {name: value for name, value in response.headers.items() if name != "content-length"}
    await session.execute(
        _KEEP,
        {
            **who,
            "fingerprint": await fingerprint.whole(),
            "status": response.status_code,
            "headers": json.dumps(kept),
            "body": bytes(response.body),
        },
    )
    return response


async def forget(session: AsyncSession) -> None:
    """Drop keys older than `KEPT_HOURS`."""
    await session.execute(_FORGET)


class _Fingerprint:
    """The digest of a request, taken while its body passes by: a file is never held for it."""

    def __init__(self, request: Request) -> None:
        self._digest = sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
        self._receive, self._more = request.receive, True

    async def receive(self) -> Message:
        """The next part of the body, which counts from now on."""
        message = await self._receive()
        self._digest.update(message.get("body", b""))
        self._more = message.get("more_body", False)
        return message

    async def whole(self) -> bytes:
        """The digest of all of it, whoever has read how much."""
        while self._more:
            await self.receive()
        return self._digest.digest()


def _replayed(stored: Row[tuple[bytes, int, dict[str, str], bytes]], fingerprint: bytes) -> Response:
    if stored.fingerprint != fingerprint:
        raise IdempotencyKeyReused("use a new key for a new request")
    return Response(stored.body, stored.status, {**stored.headers, "Idempotent-Replayed": "true"})
