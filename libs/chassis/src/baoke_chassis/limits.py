"""Bodies larger than a service takes are refused before anybody reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baoke_chassis.problems import refusal, respond

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a route that takes files has beyond the limits of its service."""

    max_bytes: int
    timeout_s: float


_allowances: dict[Callable[..., Any], Allowance] = {}


def allows(*, max_bytes: int, timeout_s: float) -> Callable[[Endpoint], Endpoint]:
    """The endpoint takes bodies of up to `max_bytes`, for up to `timeout_s`. It reads them as a stream."""

    def allow(endpoint: Endpoint) -> Endpoint:
        _allowances[endpoint] = Allowance(max_bytes, timeout_s)
        return endpoint

    return allow


def allowance_of(endpoint: Callable[..., Any] | None) -> Allowance | None:
    """What the endpoint was allowed, if anything."""
    return _allowances.get(endpoint) if endpoint else None


class BodyTooLarge(HTTPException):
    """The body is larger than this service takes."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(413, f"at most {max_bytes} bytes")

    def __str__(self) -> str:
        return str(self.detail)


class BodyLimit:
    """ASGI middleware that answers 413 for bodies over `max_bytes`, or what their route allows, announced or not."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self.max_bytes and int(announced) > (most := self._most(scope)):
            await respond(refusal(BodyTooLarge(most), 413))(scope, receive, send)
        else:
            await self.app(scope, self._counting(scope, receive), send)

    def _counting(self, scope: Scope, receive: Receive) -> Receive:
        read, most = 0, self.max_bytes

        async def counted() -> Message:
            nonlocal read, most
            message = await receive()
            read += len(message.get("body", b""))
            if read > most and read > (most := self._most(scope)):
                raise BodyTooLarge(most)
            return message

        return counted

    def _most(self, scope: Scope) -> int:
        """The bytes that the request's route takes; asked only for bodies that most routes do not take."""
        routes = (route for route in scope["app"].state.routes if route.matches(scope)[0] is Match.FULL)
        allowance = allowance_of(getattr(next(routes, None), "endpoint", None))
        return allowance.max_bytes if allowance else self.max_bytes
