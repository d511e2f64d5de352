"""Files that are sent, as the body or as the part `file` of a form."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import BinaryIO, cast

from baoke_chassis.problems import UnsupportedMediaType
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

FORM = "multipart/form-data"
TABLES = ("text/csv", "text/tab-separated-values")

_PIECE = 262_144
_HELD = 1_048_576
"""Bytes of a file in memory; a longer one is written to disk."""
_LONGEST_NAME = 200


class UploadBrokeOff(Exception):
    """The file did not arrive whole."""


class TooManyUploads(Exception):
    """Too many files arrive at once."""

    headers = MappingProxyType({"Retry-After": "10"})


class Uploads:
    """Room for a few files at a time in this process; others wait a moment for it."""

    def __init__(self, *, at_once: int = 4, wait_s: float = 5) -> None:
        self._room, self._wait_s = asyncio.Semaphore(at_once), wait_s

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Room for one file during the block.

        Raises:
            TooManyUploads: there is none, and nobody left in time.
        """
        try:
            async with asyncio.timeout(self._wait_s):
                await self._room.acquire()
        except TimeoutError:
            raise TooManyUploads("nothing of this file was stored; send it again") from None
        try:
            yield
        finally:
            self._room.release()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived; `name` is what its sender calls it."""

    name: str | None
    pieces: AsyncIterator[bytes]


@asynccontextmanager
async def uploaded(request: Request, uploads: Uploads) -> AsyncIterator[Upload]:
    """The file of a request, once it is here, and until the end of the block: a slow sender holds no connection.

    Raises:
        UnsupportedMediaType: it is neither a table nor a form.
        UploadBrokeOff: the sender hung up.
        TooManyUploads: others are sending, and there is no room.
    """
    content_type = Message()
    content_type["content-type"] = request.headers.get("content-type", "")
    kind = content_type.get_content_type() if content_type["content-type"] else ""
    if kind not in (FORM, *TABLES):
        raise UnsupportedMediaType(f"one of {', '.join((*TABLES, FORM))}")
    try:
        async with uploads.one():
            if kind == FORM:
                async with request.form(max_files=1, max_fields=10) as form:
                    yield _of_form(form.get("file"))
            else:
                with SpooledTemporaryFile(max_size=_HELD) as file:
                    yield Upload(None, _pieces(await _arrived(request, UploadFile(cast("BinaryIO", file)))))
    except ClientDisconnect as error:
        raise UploadBrokeOff("send it again; nothing of it was stored") from error


async def _arrived(request: Request, file: UploadFile) -> UploadFile:
    async for piece in request.stream():
        await file.write(piece)
    await file.seek(0)
    return file


def _of_form(part: UploadFile | str | None) -> Upload:
    if not isinstance(part, UploadFile):
        missing = {"type": "missing", "loc": ("body", "file"), "msg": "A file is needed in the part named file"}
        raise RequestValidationError([missing])
    return Upload((part.filename or "")[-_LONGEST_NAME:] or None, _pieces(part))


async def _pieces(part: UploadFile) -> AsyncIterator[bytes]:
    while piece := await part.read(_PIECE):
        yield piece
