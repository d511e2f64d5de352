"""Every answer that is not a success is a problem document (RFC 9457)."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import asyncpg
from baoke_events.consuming.consumer import is_transient
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class InvalidField(BaseModel):
    """One wrong place of the input."""

    pointer: str
    """RFC 6901 pointer into the body; a parameter's name otherwise."""
    message: str


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    """Stable name of the kind of problem."""
    title: str
    status: int
    detail: str | None = None
    errors: list[InvalidField] | None = None


Kind = tuple[int, str, str]
"""A kind of problem: its status, the last word of its type, its title."""

MALFORMED_JSON: Kind = (400, "malformed-json", "The body is not JSON")
MALFORMED_FORM: Kind = (400, "malformed-form", "The body is not a form")
UNSUPPORTED_MEDIA_TYPE: Kind = (415, "unsupported-media-type", "Send another media type")
INVALID_INPUT: Kind = (422, "invalid-input", "The input does not fit the schema")
UNSTORABLE_VALUE: Kind = (422, "unstorable-value", "A value cannot be stored")
INTERNAL_ERROR: Kind = (500, "internal-error", "Something went wrong on our side")
UNAVAILABLE: Kind = (503, "unavailable", "Try again shortly")


class UnsupportedMediaType(Exception):
    """Send another media type."""


def slug(error: type[Exception]) -> str:
    """`InsufficientPoints` → `insufficient-points`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", error.__name__).lower()


def kind_of(error: type[Exception], status: int) -> Kind:
    """The kind of problem that a refusal of the domain is."""
    title = (error.__doc__ or slug(error)).strip().splitlines()[0].rstrip(".")
    return int(status), slug(error), title


def refusal(error: Exception, status: int) -> Problem:
    """What a refusal of the domain says to a caller."""
    return simple(*kind_of(type(error), status), str(error) or None)


def invalid(error: ValidationError | RequestValidationError, body: Any = None) -> Problem:
    """What is wrong with an input, place by place of the body."""
    places = [InvalidField(pointer=_pointer(e, body), message=str(e["msg"])) for e in error.errors()]
    return simple(*INVALID_INPUT).model_copy(update={"errors": places})


def simple(status: int, name: str, title: str, detail: str | None = None) -> Problem:
    """A problem of the platform itself."""
    return Problem(type=f"/problems/{name}", title=title, status=status, detail=detail)


def respond(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The HTTP answer of a problem."""
    body = problem.model_dump(exclude_none=True)
    return JSONResponse(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def install_problems(app: FastAPI, refusals: Mapping[type[Exception], HTTPStatus]) -> None:
    """Answer the service's refusals, and everything that can go wrong around them, with problem documents."""
    for kind, status in refusals.items():
        app.add_exception_handler(kind, _answer_refusal(int(status)))
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    for lost in (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError):
        app.add_exception_handler(lost, _answer_database)
    app.add_exception_handler(PoolTimeout, _answer_unavailable)
    app.add_exception_handler(TimeoutError, _answer_unavailable)
    app.add_exception_handler(OSError, _answer_unavailable)
    app.add_exception_handler(Exception, _answer_bug)


def _answer_refusal(status: int) -> Any:
    async def answer(_: Request, error: Exception) -> JSONResponse:
        return respond(refusal(error, status), getattr(error, "headers", None))

    return answer


async def _answer_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 (registered for it)
    problems = error.errors()
    if any(e["type"] == "json_invalid" for e in problems):
        return respond(simple(*MALFORMED_JSON, str(problems[0].get("ctx", {}).get("error"))))
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if problems[0]["loc"] == ("body",) and "json" not in media_type and isinstance(error.body, bytes):
        return respond(
            simple(*UNSUPPORTED_MEDIA_TYPE, f"application/json, not {media_type or 'a body without a type'}")
        )
    return respond(invalid(error, error.body))


async def _answer_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 (registered for it)
    if error.status_code == HTTPStatus.BAD_REQUEST:  # FastAPI's, for a body that its parser gave up on
        is_form = "form" in request.headers.get("content-type", "")
        return respond(simple(*(MALFORMED_FORM if is_form else MALFORMED_JSON), error.detail))
    title = HTTPStatus(error.status_code).phrase
    name = title.lower().replace(" ", "-")
    detail = None if error.detail == title else error.detail
    headers = _allowed(request) if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else error.headers
    return respond(simple(error.status_code, name, title, detail), headers)


def _allowed(request: Request) -> dict[str, str]:
    """Every method of the path (RFC 9110, 10.2.1), for each route knows its own only."""
    routes: Sequence[APIRoute] = request.app.state.routes
    here = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    closest = min((route.path for route in here), key=lambda path: path.count("{"))
    methods = set().union(*(route.methods or () for route in here if route.path == closest))
    return {"Allow": ", ".join(sorted(methods))}


async def _answer_database(request: Request, error: Exception) -> JSONResponse:
    if is_transient(error):
        return await _answer_unavailable(request, error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = str(getattr(cause, "sqlstate", "") or "")
    if state.startswith("22") or "DataError" in type(cause).__name__ + str(cause)[:80]:
        return respond(simple(*UNSTORABLE_VALUE, "a number out of range or a NUL in a text"))
    return await _answer_bug(request, error)


async def _answer_unavailable(_: Request, error: Exception) -> JSONResponse:
    log.warning("answered 503: %s", type(error).__name__)
    problem = simple(*UNAVAILABLE, "nothing of this request was stored")
    return respond(problem, {"Retry-After": "1"})


async def _answer_bug(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return respond(simple(*INTERNAL_ERROR))


def _pointer(error: Mapping[str, Any], body: Any) -> str:
    """RFC 6901 for the body; the bare name for query, path and header parameters."""
    where, *path = error["loc"] or ("body",)
    if where in ("query", "path", "header", "cookie"):
        return str(path[0]) if path else str(where)
    within = path if where == "body" else error["loc"]
    places = within if body is None else _places(within, body, error)
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in places)


def _places(path: Sequence[int | str], body: Any, error: Mapping[str, Any]) -> Iterator[int | str]:
    """The parts of a path that are places of the body, and at its end the field that it lacks.

    Pydantic names the branches of a union as well, whose input is the value itself, and `[key]` for a key.
    """
    for depth, part in enumerate(path, 1):
        try:
            body = body[part]
        except (LookupError, TypeError):
            is_branch = error["type"] != "missing" and error["input"] == body
            if depth < len(path) or is_branch or part == "[key]":
                continue
        yield part
