"""The sample service over HTTP: one route that writes one event, called as a server would call it, without a socket."""

from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from time import process_time
from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.access import Caller, Role, Tokens, admits
from baoke_chassis.bodies import Body, Reply
from baoke_chassis.database import Database
from baoke_chassis.http import build_api
from baoke_chassis.jwks import Keys
from baoke_chassis.local_issuer import AUDIENCE, ISSUER, LocalIssuer
from baoke_chassis.routing import Router, Transaction
from baoke_chassis.service import Api
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from fastapi import FastAPI

from benchmarks.backbone.records import stage_changed
from benchmarks.backbone.sample import SERVICE

router = Router(prefix="/v1/stages", tags=["stages"])


class NewStage(Body):
    """A lead has moved."""

    lead_id: UUID
    stage: str


class KeptStage(Reply):
    """It was written."""

    event_id: UUID


@router.post("", status_code=201)
async def move(body: NewStage, session: Transaction, caller: Annotated[Caller, admits(Role.MANAGER)]) -> KeptStage:
    """Tell of a lead's stage."""
    event = stage_changed(body.lead_id, body.stage)
    await publish(session, [event])
    return KeptStage(event_id=event.id)


class Requests:
    """Asks the route again and again, each time with the same trace flags."""

    def __init__(self, database: Database, folder: Path, *, sampled: bool) -> None:
        issuer = LocalIssuer(folder)
        self._app = _api(database, issuer)
        flags = f"0{sampled:d}"
        self._headers = [
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"authorization", f"Bearer {issuer.token(Role.MANAGER)}".encode()),
            (b"traceparent", f"00-{uuid7().hex}-00f067aa0ba902b7-{flags}".encode()),
        ]

    async def cost(self, count: int) -> float:
        """Processor time of one request in µs, the mean of so many.

        Raises:
            RuntimeError: the route did not answer 201.
        """
        began = process_time()
        for _ in range(count):
            status = await self._ask(b'{"lead_id": "%s", "stage": "visited"}' % str(uuid7()).encode())
            if status != HTTPStatus.CREATED:
                raise RuntimeError(f"the route answered {status}")
        return (process_time() - began) / count * 1e6

    async def _ask(self, body: bytes) -> int:
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await self._app(self._scope(len(body)), receive, send)  # type: ignore[arg-type]
        return statuses[0]

    def _scope(self, length: int) -> dict[str, Any]:
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/v1/stages",
            "raw_path": b"/v1/stages",
            "query_string": b"",
            "root_path": "",
            "headers": [*self._headers, (b"content-length", b"%d" % length)],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 80),
        }


def _api(database: Database, issuer: LocalIssuer) -> FastAPI:
    app = build_api(replace(SERVICE, load_api=lambda: Api(routers=[router])), database)
    app.state.tokens = Tokens(Keys(file=issuer.jwks_file), ISSUER, AUDIENCE)
    return app
