"""A caller who does not give up: every write has an Idempotency-Key and is sent until it is answered."""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx

from faults.journal import Journal

ACCEPTED = range(200, 300)
AGAIN = {408, 429, 500, 502, 503, 504}
IN_USE = "/problems/idempotency-key-in-use"


class Refused(Exception):
    """The platform will not do it."""


class Caller:
    """Calls the services of one dealer group at their own addresses; paths begin with the service's name."""

    def __init__(self, urls: Mapping[str, str], token: str, *, store_id: UUID, journal: Journal) -> None:
        self.store_id = str(store_id)
        self.answers: Counter[str] = Counter()
        """How often each status, or `no answer`, came."""
        self._urls = urls
        self._journal = journal
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(headers=headers, timeout=10, trust_env=False)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def write(self, kind: str, name: str, path: str, body: Any, *, also: frozenset[int] = frozenset()) -> Any:
        """The answer to one journaled write, sent under one key until there is one. Statuses of `also` are sent again.

        Raises:
            Refused: with the problem.
        """
        self._journal.asked(kind, name)
        try:
            answer = await self.call("POST", path, body, key=f"{kind}/{name}", also=also)
        except Refused as error:
            self._journal.refused(kind, name, str(error))
            raise
        self._journal.accepted(kind, name, answer)
        return answer

    async def call(
        self, method: str, path: str, json: Any = None, *, key: str | None = None, also: frozenset[int] = frozenset()
    ) -> Any:
        """The JSON of a successful answer, however long it takes.

        Raises:
            Refused: with the problem.
        """
        headers = {"Idempotency-Key": key} if key else {}
        while True:
            response = await self._try(method, path, json, headers)
            if response is not None and response.status_code in ACCEPTED:
                return response.json() if response.content else None
            if response is not None and not _again(response, also):
                raise Refused(f"{method} {path}: {response.status_code} {response.text}")
            await asyncio.sleep(random.uniform(0.1, 0.5))

    async def _try(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> httpx.Response | None:
        _, service, rest = path.split("/", 2)
        try:
            response = await self._http.request(method, f"{self._urls[service]}/{rest}", json=body, headers=headers)
        except httpx.TransportError:
            self.answers["no answer"] += 1
            return None
        self.answers[str(response.status_code)] += 1
        return response


def _again(response: httpx.Response, also: frozenset[int]) -> bool:
    if response.status_code in AGAIN | also:
        return True
    return response.status_code == httpx.codes.CONFLICT and response.json().get("type") == IN_USE
