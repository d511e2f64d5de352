"""The OpenAPI document of a service: what FastAPI knows of a route, and what the platform knows beside it.

Each route of ours names the statuses it can answer with and the problems behind each, the roles and scopes that it
admits, its `Idempotency-Key`, and the routes that go on from its answer. All of it is read from the code: the
refusals a route can reach (`reachable`) with their status in the service's table, its dependencies, its paths.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from baoke_chassis import idempotency
from baoke_chassis.access import SCHEMES, Admission, Role
from baoke_chassis.etags import set_etag
from baoke_chassis.limits import BodyTooLarge
from baoke_chassis.openapi_answers import HEADERS, answers, shared_answers
from baoke_chassis.openapi_links import add_links
from baoke_chassis.openapi_schemas import make_exact
from baoke_chassis.problems import (
    INVALID_INPUT,
    MALFORMED_FORM,
    MALFORMED_JSON,
    UNAVAILABLE,
    UNSTORABLE_VALUE,
    UNSUPPORTED_MEDIA_TYPE,
    Kind,
    Problem,
    kind_of,
)
from baoke_chassis.reachable import Thing, reachable
from baoke_chassis.routing import SAFE, TransactionalRoute

Document = dict[str, Any]
Refusals = Mapping[type[Exception], HTTPStatus]

_IDEMPOTENCY = (idempotency.IdempotencyKeyInvalid, idempotency.IdempotencyKeyInUse, idempotency.IdempotencyKeyReused)
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes sending this twice safe for 24 hours: what was answered is answered again, and done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.MAX_KEY},
}


def describe(app: FastAPI, routers: Sequence[APIRouter], refusals: Refusals) -> None:
    """`app.openapi()` is the whole document from now on, made when first asked for."""

    def document() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, routers, refusals)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI, routers: Sequence[APIRouter], refusals: Refusals) -> Document:
    made = get_openapi(title=app.title, description=app.description, version=app.version, routes=app.routes)
    if app.root_path:
        made["servers"] = [{"url": app.root_path}]
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schemas["Problem"].pop("$defs")
    made["components"]["responses"] = shared_answers()
    made["components"]["securitySchemes"] = SCHEMES
    make_exact(made)
    routes = [each for router in routers for each in router.routes if isinstance(each, TransactionalRoute)]
    packages = {__package__, *(route.endpoint.__module__.partition(".")[0] for route in routes)}
    for route in routes:
        if route.include_in_schema:
            _complete(made["paths"][route.path], route, refusals, packages)
    add_links(made)
    return made


def _complete(path: Document, route: APIRoute, refusals: Refusals, packages: Collection[str]) -> None:
    """Add to the operations of one route what only the platform knows."""
    reached = reachable(_calls(route.dependant), packages=packages)
    admission = next((call for call in _calls(route.dependant) if isinstance(call, Admission)), None)
    for method in route.methods or ():
        operation = path[method.lower()]
        is_write = admission is not None and method not in SAFE
        if admission is not None:
            operation["security"] = _security(admission)
            operation["description"] = f"{operation['description']}\n\n{_audience(admission)}"
        if is_write:
            operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
        content = operation.get("requestBody", {}).get("content", {})
        headers = {"headers": _headers(reached, is_write=is_write)}
        given = {status: answer | headers for status, answer in operation["responses"].items() if status < "300"}
        operation["responses"] = given | answers(_problems(reached, refusals, content, is_write=is_write))


def _calls(dependant: Dependant) -> Iterator[Any]:
    """The route's endpoint, and every function it depends on."""
    if dependant.call is not None:
        yield dependant.call
    for part in dependant.dependencies:
        yield from _calls(part)


def _problems(reached: Collection[Thing], refusals: Refusals, content: Document, *, is_write: bool) -> Iterator[Kind]:
    """Every kind of problem that an operation can answer with."""
    possible = [kind for kind in refusals if kind in reached]
    possible += [BodyTooLarge] * bool(content) + [*_IDEMPOTENCY] * is_write
    yield from (kind_of(error, refusals[error]) for error in possible)
    yield from (INVALID_INPUT, UNSTORABLE_VALUE, UNAVAILABLE)
    if "application/json" in content:
        yield from (MALFORMED_JSON, UNSUPPORTED_MEDIA_TYPE)
    if any("form" in media_type for media_type in content):
        yield MALFORMED_FORM


def _headers(reached: Collection[Thing], *, is_write: bool) -> Document:
    """The headers of a success."""
    named = ["X-Trace-Id", *(["ETag"] if set_etag in reached else []), *(["Idempotent-Replayed"] if is_write else [])]
    return {name: HEADERS[name] for name in named}


def _security(admission: Admission) -> list[Document]:
    """Whom the route admits, as alternatives: a token with one of the roles, or a partner's key with the scope."""
    people = [{"HTTPBearer": [str(role)]} for role in (*admission.roles, Role.ADMIN)]
    return people + ([{"APIKeyHeader": [admission.scope]}] if admission.scope else [])


def _audience(admission: Admission) -> str:
    """The same for people."""
    partners = f"; partners with the scope `{admission.scope}`" if admission.scope else ""
    limits = " It holds for all stores: a token that is limited to some is refused." if admission.for_all_stores else ""
    return f"For {', '.join((*admission.roles, Role.ADMIN))}{partners}.{limits}"
