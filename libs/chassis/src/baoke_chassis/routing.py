"""A route that writes is one transaction, committed before its answer leaves.

The transaction is opened around the endpoint by the route, not inside a dependency: only there is
the finished answer known before the commit, so that an idempotency key is stored with what it did.
"""

import asyncio
from collections.abc import Callable, Container, Coroutine
from typing import Annotated, Any

from baoke_events.ids import uuid7
from baoke_events.origin import correlated
from fastapi import APIRouter, Depends, Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from opentelemetry import trace
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_chassis import idempotency
from baoke_chassis.access import authenticate
from baoke_chassis.limits import allowance_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
VERSIONED = "/v1/"

Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class TransactionalRoute(APIRoute):
    """Runs its endpoint in one transaction, within the service's time limit, under one correlation id."""

    def get_route_handler(self) -> Handle:
        """The handler Starlette calls."""
        handle = super().get_route_handler()
        known = {p.alias for p in get_flat_params(self.dependant) if isinstance(p.field_info, params.Query)}
        allowance = allowance_of(self.endpoint)

        async def in_transaction(request: Request) -> Response:
            state = request.app.state
            timeout_s = allowance.timeout_s if allowance else state.settings.request_timeout_s
            if self.path.startswith(VERSIONED):
                _refuse_unknown(request, known)
            with correlated(uuid7()):
                async with asyncio.timeout(timeout_s), state.database.begin() as session:
                    request.state.session = session
                    keyed = idempotency.HEADER in request.headers and self.path.startswith(VERSIONED)
                    response = await _answer(session, request, handle, keyed=keyed)
            _name_trace(response)
            return response

        return in_transaction


class Router(APIRouter):
    """A router of transactional routes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=TransactionalRoute, **options)


async def _session(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


Transaction = Annotated[AsyncSession, Depends(_session)]
"""The request's transaction. Never commit it: the route does."""


def _refuse_unknown(request: Request, known: Container[str]) -> None:
    """A parameter with a typo in its name, such as `dryrun`, must not be passed over."""
    unknown = sorted({name for name in request.query_params if name not in known})
    if unknown:
        refused = {"type": "extra_forbidden", "msg": "There is no such parameter"}
        raise RequestValidationError([{**refused, "loc": ("query", name)} for name in unknown])


async def _answer(session: AsyncSession, request: Request, handle: Handle, *, keyed: bool) -> Response:
    if request.method in SAFE or not keyed:
        return await handle(request)
    caller = await authenticate(request)
    return await idempotency.answered_once(
        session,
        request,
        dealer_id=caller.dealer_id,
        caller=caller.subject,
        answer=handle,
    )


def _name_trace(response: Response) -> None:
    """Tell the caller which trace to ask an operator about."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        response.headers["X-Trace-Id"] = f"{context.trace_id:032x}"
