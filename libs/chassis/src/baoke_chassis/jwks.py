"""The issuer's public keys (JWKS, RFC 7517), from a URL or a file, fetched again when an unknown key shows up."""

import asyncio
import json
import logging
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWKError, PyJWKSetError

log = logging.getLogger(__name__)

REFETCH_S = 30
KEPT_S = 600


class UnknownKey(Exception):
    """No key of the issuer's has this id."""


class Keys:
    """The keys of one issuer. At most one fetch every `REFETCH_S` seconds, whatever tokens say."""

    def __init__(self, *, url: str | None = None, file: Path | None = None) -> None:
        self._url, self._file = url, file
        self._keys: dict[str | None, PyJWK] = {}
        self._fetched_at = float("-inf")
        self._turn = asyncio.Lock()

    async def find(self, kid: str | None) -> PyJWK:
        """The key of this id.

        Raises:
            UnknownKey: the issuer has none that we know of.
        """
        if kid not in self._keys or self._wants_fetch(kid):
            async with self._turn:
                if self._wants_fetch(kid):
                    await self._fetch()
        try:
            return self._keys[kid]
        except KeyError:
            raise UnknownKey(f"no key {kid!r}") from None

    def _wants_fetch(self, kid: str | None) -> bool:
        """An unknown key asks again soon, and all are asked for from time to time, since a key may be withdrawn."""
        age_s = monotonic() - self._fetched_at
        return age_s > (KEPT_S if kid in self._keys else REFETCH_S)

    async def _fetch(self) -> None:
        self._fetched_at = monotonic()
        try:
            keys = PyJWKSet.from_dict(await self._document()).keys
        except (httpx.HTTPError, OSError, ValueError, PyJWKError, PyJWKSetError):
            log.warning("the issuer's keys cannot be read; those known before count", exc_info=True)
        else:
            self._keys = {key.key_id: key for key in keys}

    async def _document(self) -> dict[str, Any]:
        if self._url:
            async with httpx.AsyncClient(timeout=5) as http:
                response = (await http.get(self._url)).raise_for_status()
                document: dict[str, Any] = response.json()
        elif self._file:
            document = json.loads(await asyncio.to_thread(self._file.read_text))
        else:
            raise ValueError("neither BAOKE_JWKS_URL nor BAOKE_JWKS_FILE is set")
        return document
