"""The FastAPI application of a service."""

from collections.abc import Sequence
from http import HTTPStatus

from baoke_events.transports import Transport
from fastapi import APIRouter, FastAPI
from fastapi_swagger import patch_fastapi
from starlette.types import Scope

from baoke_chassis import health, partner_keys
from baoke_chassis.access import Forbidden, Tokens, Unauthenticated
from baoke_chassis.database import Database
from baoke_chassis.idempotency import IdempotencyKeyInUse, IdempotencyKeyInvalid, IdempotencyKeyReused
from baoke_chassis.jwks import Keys
from baoke_chassis.limits import BodyLimit, BodyTooLarge
from baoke_chassis.openapi import describe
from baoke_chassis.paging import InvalidCursor
from baoke_chassis.policy import PolicyVersionNotFound
from baoke_chassis.policy_routes import policy_router
from baoke_chassis.problems import UnsupportedMediaType, install_problems
from baoke_chassis.service import Api, Service
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
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    partner_keys.ApiKeyNotFound: HTTPStatus.NOT_FOUND,
    PolicyVersionNotFound: HTTPStatus.NOT_FOUND,
}


def build_api(service: Service, database: Database, transport: Transport | None = None) -> FastAPI:
    """The service's HTTP interface over an open database."""
    settings, api = service.settings, service.load_api()
    app = FastAPI(
        title=service.title,
        description=service.description,
        version="1",
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        root_path=settings.root_path,
        generate_unique_id_function=lambda route: route.name,
        telemetry={"operation_spans": False, "logs": False, "exclude": _is_probe},
    )
    patch_fastapi(app, redirect_from_root_to_docs=False)  # pages that need no CDN
    app.state.settings = settings
    app.state.database = database
    app.state.transport = transport
    app.state.tokens = Tokens(Keys(url=settings.jwks_url, file=settings.jwks_file), settings.issuer, settings.audience)
    refusals = {**REFUSALS, **api.refusals}
    routers = [*api.routers, partner_keys.router, health.router, *_policy_router(service, api)]
    for router in routers:
        app.include_router(router)
    app.state.routes = [route for router in routers for route in router.routes]
    describe(app, routers, refusals)
    install_problems(app, refusals)
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    if api.prepare is not None:
        api.prepare(app)
    return app


def _is_probe(scope: Scope) -> bool:
    """What machines ask every few seconds makes no spans and no figures."""
    path: str = scope["path"]
    return path.endswith(("/healthz", "/readyz", "/metrics"))


def _policy_router(service: Service, api: Api) -> Sequence[APIRouter]:
    if service.policy is None:
        return ()
    return (policy_router(service.policy, service.check_policy, api.preview_policy),)
