"""One port for all services, with the paths that docker compose's gateway has: `/lead-service/v1/…`."""

from collections.abc import Sequence
from html import escape

from baoke_chassis import health
from baoke_chassis.database import Database
from baoke_chassis.http import build_api
from baoke_chassis.service import Service
from baoke_events.transports import Transport
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Baoke 保客</title>
<style>
  body {{ font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #1d2733 }}
  h1 {{ font-weight: 600 }} h1 small {{ color: #71808f; font-weight: 400 }}
  table {{ border-collapse: collapse; width: 100% }}
  td {{ padding: .5rem .75rem .5rem 0; border-top: 1px solid #e3e8ee }}
  a {{ color: #0b5cad; text-decoration: none }} a:hover {{ text-decoration: underline }}
</style>
<h1>Baoke <small>保客 · keep the customer</small></h1>
<p>Every service of the platform, on this machine. What customers would have received is in the
<a href="/notification-service/outbox">message outbox</a>.</p>
<table>{rows}</table>
</html>"""
_ROW = (
    '<tr><td><b>{name}</b><br>{title}</td><td><a href="/{name}/docs">API</a></td>'
    '<td><a href="/{name}/openapi.json">OpenAPI</a></td><td><a href="/{name}/readyz">health</a></td></tr>'
)


def gateway(services: Sequence[tuple[Service, Database, Transport]]) -> Starlette:
    """An application that holds each service's under its name, and a page that leads to them."""

    async def show(_: Request) -> HTMLResponse:
        rows = "".join(_ROW.format(name=escape(s.name), title=escape(s.title)) for s, _, _ in services)
        return HTMLResponse(_PAGE.format(rows=rows))

    async def alive(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok", "services": [service.name for service, _, _ in services]})

    mounts = [
        Mount(f"/{s.name}", app=_rooted(build_api(s, database, transport))) for s, database, transport in services
    ]
    own = [Route("/", show), Route("/healthz", alive), Route("/metrics", health.metrics)]
    return Starlette(routes=[*own, *mounts])


def _rooted(app: ASGIApp) -> ASGIApp:
    """The app, with the path it is mounted at for its root and its own routes by name, as behind a gateway."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        mine = {name: value for name, value in scope.items() if name != "router"}
        await app({**mine, "app_root_path": scope["root_path"]}, receive, send)

    return call
