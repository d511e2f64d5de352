"""A dealer group as the platform's callers see it: an HTTP client per service, and the patience to wait for effects."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx

T = TypeVar("T")


class Refused(Exception):
    """A request was answered with a problem."""


class Dealer:
    """Calls the platform's services with one token, and waits for what events bring about."""

    def __init__(self, base_url: str, token: str, *, store_id: UUID) -> None:
        self.store_id = str(store_id)
        self.trace_id = ""
        """Of the latest request."""
        self._http = httpx.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer to a request, whatever it is."""
        response = await self._http.request(method, path, **options)
        self.trace_id = response.headers.get("X-Trace-Id", "")
        return response

    async def call(self, method: str, path: str, json: Any = None, **options: Any) -> Any:
        """The JSON of a successful answer.

        Raises:
            Refused: with the problem document.
        """
        response = await self.send(method, path, json=json, **options)
        if response.is_error:
            raise Refused(f"{method} {path} → {response.status_code} {response.text}")
        return response.json() if response.content else None

    async def get(self, path: str, **query: Any) -> Any:
        """The JSON at a path."""
        return await self.call("GET", path, params=query)

    async def post(self, path: str, body: Any) -> Any:
        """The answer to a body."""
        return await self.call("POST", path, body)

    async def items(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """The first page of a list."""
        items: list[dict[str, Any]] = (await self.get(path, **query))["items"]
        return items

    async def messages(self, party_id: str, *, template: str | None = None) -> list[dict[str, Any]]:
        """What was or was not sent to a party, newest first."""
        messages = await self.items("/notification-service/v1/messages", party_id=party_id, limit=200)
        return [message for message in messages if template in (None, message["template"])]

    async def sent(self, party_id: str, template: str) -> dict[str, Any]:
        """The message of this template, once it was sent to the party."""

        async def look() -> dict[str, Any] | None:
            sent = [m for m in await self.messages(party_id, template=template) if m["state"] == "sent"]
            return sent[0] if sent else None

        return await until(look, f"a message {template!r} for {party_id}")


async def until(look: Callable[[], Awaitable[T | None]], what: str, *, within_s: float = 120) -> T:
    """What `look` finds, as soon as it finds something.

    Raises:
        TimeoutError: it found nothing in time; says what was waited for.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while True:
        try:
            if found := await look():
                return found
        except Refused as error:
            if loop.time() > end or not any(not_yet in str(error) for not_yet in ("→ 404", "→ 503")):
                raise
        if loop.time() > end:
            raise TimeoutError(f"waited {within_s:.0f} s for {what}")
        await asyncio.sleep(0.05)
