"""Alive, ready, and what was counted."""

import asyncio

from baoke_events.transports import Transport
from fastapi import APIRouter, Request, Response
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The answer of a health check."""

    status: str
    checks: dict[str, str] = {}


@router.get("/healthz", summary="Alive", responses={})
async def alive() -> Health:
    """The process answers. Says nothing about what it depends on."""
    return Health(status="ok")


@router.get("/readyz", summary="Ready", responses={503: {"model": Health, "description": "Not ready"}})
async def ready(request: Request, response: Response) -> Health:
    """Whether requests can be served: the database must answer.

    The event transport is shown, but a service does not depend on it: what it has to say waits in the outbox.
    """
    if getattr(request.app.state, "draining", False):
        response.status_code = 503
        return Health(status="unavailable", checks={"process": "stopping"})
    checks = {"database": await _database(request)}
    transport: Transport | None = getattr(request.app.state, "transport", None)
    if transport is not None:
        checks["transport"] = "ok" if await transport.ready() else "away; events wait in the outbox"
    healthy = checks["database"] == "ok"
    response.status_code = 200 if healthy else 503
    return Health(status="ok" if healthy else "unavailable", checks=checks)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """What this process has counted, for Prometheus. The gateway does not pass it on."""
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(await asyncio.to_thread(encode, REGISTRY), headers={"Content-Type": media_type})


async def _database(request: Request) -> str:
    try:
        async with request.app.state.database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        return f"away ({type(error).__name__})"
    return "ok"
