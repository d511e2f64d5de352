"""The answers of an operation that are no success, by status, each with the problems it can be."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from baoke_chassis.access import Forbidden, Unauthenticated
from baoke_chassis.limits import BodyTooLarge
from baoke_chassis.problems import MEDIA_TYPE, UNAVAILABLE, UNSUPPORTED_MEDIA_TYPE, Kind, kind_of

Answer = dict[str, Any]

_TEXT = {"type": "string"}
HEADERS: dict[str, Answer] = {
    "ETag": {"description": "The version shown; send it back as `If-Match`.", "schema": _TEXT},
    "Idempotent-Replayed": {"description": "`true` where the key was used before.", "schema": _TEXT},
    "X-Trace-Id": {"description": "What to tell an operator.", "schema": _TEXT},
    "WWW-Authenticate": {"description": "`Bearer` (RFC 6750).", "schema": _TEXT},
    "Retry-After": {"description": "Seconds.", "schema": {"type": "string"}},
}
_HEADERS_OF = {HTTPStatus.UNAUTHORIZED: "WWW-Authenticate", HTTPStatus.SERVICE_UNAVAILABLE: "Retry-After"}

_SHARED: tuple[Kind, ...] = (
    kind_of(Unauthenticated, HTTPStatus.UNAUTHORIZED),
    kind_of(Forbidden, HTTPStatus.FORBIDDEN),
    kind_of(BodyTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    UNSUPPORTED_MEDIA_TYPE,
    UNAVAILABLE,
)
"""What nearly every operation can answer with, in words that are always the same."""


def shared_answers() -> dict[str, Answer]:
    """The `components.responses` that `answers` refers to."""
    return {name: _answer(status, [(status, name, title)]) for status, name, title in _SHARED}


def answers(kinds: Iterable[Kind]) -> dict[str, Answer]:
    """The answers by status, in order of status."""
    by_status: dict[int, list[Kind]] = {}
    for kind in dict.fromkeys(kinds):
        by_status.setdefault(kind[0], []).append(kind)
    return {str(status): _shared(found) or _answer(status, found) for status, found in sorted(by_status.items())}


def _shared(kinds: list[Kind]) -> Answer | None:
    alone = len(kinds) == 1 and kinds[0] in _SHARED
    return {"$ref": f"#/components/responses/{kinds[0][1]}"} if alone else None


def _answer(status: int, kinds: list[Kind]) -> Answer:
    said = {
        "description": "\n".join(f"- `{name}`: {title}" for _, name, title in sorted(kinds)),
        "content": {MEDIA_TYPE: {"schema": _schema(status, kinds)}},
    }
    header = _HEADERS_OF.get(HTTPStatus(status))
    return said | ({"headers": {header: HEADERS[header]}} if header else {})


def _schema(status: int, kinds: list[Kind]) -> Answer:
    """A problem (RFC 9457) of one of these types."""
    types = sorted({f"/problems/{name}" for _, name, _ in kinds})
    return {
        "allOf": [{"$ref": "#/components/schemas/Problem"}],
        "properties": {"status": {"const": int(status)}, "type": {"enum": types}},
    }
