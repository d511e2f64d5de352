"""The FastAPI application of a service."""

from http import HTTPStatus

from baoke_events.transports import Transport
from fastapi import FastAPI
from fastapi_swagger import patch_fastapi
from starlette.types import Scope

from baoke_chassis import health, partner_keys
from baoke_chassis.access import Forbidden, Tokens, Unauthenticated
from baoke_chassis.database import Database
from baoke_chassis.idempotency import IdempotencyKeyInUse, IdempotencyKeyInvalid, IdempotencyKeyReused
from baoke_chassis.jwks import Keys
from baoke_chassis.limits import BodyLimit, BodyTooLarge
from baoke_chassis.paging import InvalidCursor
from baoke_chassis.policy_routes import policy_router
from baoke_chassis.problems import MEDIA_TYPE, Problem, install_problems
from baoke_chassis.service import Service
from baoke_chassis.versions import StaleVersion

REFUSALS = {
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    StaleVersion: HTTPStatus.PRECONDITION_FAILED,
    InvalidCursor: HTTPStatus.BAD_REQUEST,
    IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    IdempotencyKeyInUse: HTTPStatus.CONFLICT,
    IdempotencyKeyInvalid: HTTPStatus.BAD_REQUEST,
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    partner_keys.ApiKeyNotFound: HTTPStatus.NOT_FOUND,
}

_PROBLEM = {"model": Problem, "content": {MEDIA_TYPE: {}}}
_ANSWERS: dict[int | str, dict[str, object]] = {
    "4XX": {**_PROBLEM, "description": "Refused; the problem says why"},
    "5XX": {**_PROBLEM, "description": "Not done; try again"},
}


def build_api(service: Service, database: Database, transport: Transport | None = None) -> FastAPI:
    """The service's HTTP interface over an open database."""
    settings = service.settings
    app = FastAPI(
        title=service.title,
        description=service.description,
        version="1",
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        root_path=settings.root_path,
        responses=_ANSWERS,
        generate_unique_id_function=lambda route: route.name,
        telemetry={"operation_spans": False, "logs": False, "exclude": _is_probe},
    )
    patch_fastapi(app, redirect_from_root_to_docs=False)  # pages that need no CDN
    app.state.settings = settings
    app.state.database = database
    app.state.transport = transport
    app.state.tokens = Tokens(Keys(url=settings.jwks_url, file=settings.jwks_file), settings.issuer, settings.audience)
    for router in (*service.routers, partner_keys.router, health.router):
        app.include_router(router)
    if service.policy is not None:
        app.include_router(policy_router(service.policy, service.check_policy))
    install_problems(app, {**REFUSALS, **service.refusals})
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    if service.prepare_api is not None:
        service.prepare_api(app)
    return app


def _is_probe(scope: Scope) -> bool:
    """What machines ask every few seconds makes no spans and no figures."""
    path: str = scope["path"]
    return path.endswith(("/healthz", "/readyz", "/metrics"))
