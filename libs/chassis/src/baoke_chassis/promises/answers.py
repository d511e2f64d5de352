"""Every answer that a test gets is one that the service's OpenAPI document names."""

import json
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from baoke_chassis.problems import MEDIA_TYPE

BUG = 500
"""The one status that no document names: it says that the service is wrong, and tests that ask for it exist."""


@dataclass(slots=True)
class WatchedApi:
    """An ASGI application in front of `api` that remembers answers which the document does not name."""

    api: FastAPI
    undocumented: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and look at what comes back."""
        status, media_type, body = 0, "", b""

        async def watched(message: Message) -> None:
            nonlocal status, media_type, body
            if message["type"] == "http.response.start":
                status = message["status"]
                media_type = dict(message["headers"]).get(b"content-type", b"").decode()
            body += message.get("body", b"") if media_type == MEDIA_TYPE else b""
            await send(message)

        await self.api(scope, receive, watched)
        answers = self._answers(scope)
        if answers is not None and status != BUG:
            self._judge(f"{scope['method']} {scope['path']}", answers.get(str(status)), status, body)

    def _answers(self, scope: Scope) -> dict[str, Any] | None:
        """The documented answers of the route that was taken; None where none was, or it is not documented."""
        path = getattr(scope.get("route"), "path", "")
        operation = self.api.openapi()["paths"].get(path, {}).get(scope["method"].lower())
        return None if operation is None else operation["responses"]

    def _judge(self, request: str, answer: dict[str, Any] | None, status: int, body: bytes) -> None:
        if answer is None:
            self.undocumented.append(f"{request}: {status}")
        elif body and (named := json.loads(body)["type"]) not in self._types(answer):
            self.undocumented.append(f"{request}: {status} {named}")

    def _types(self, answer: dict[str, Any]) -> list[str]:
        if "$ref" in answer:
            answer = self.api.openapi()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
        types: list[str] = answer["content"][MEDIA_TYPE]["schema"]["properties"]["type"]["enum"]
        return types
