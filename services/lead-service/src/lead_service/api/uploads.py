"""Files that are sent, as the body or as the part `file` of a form."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message

from baoke_chassis.problems import UnsupportedMediaType
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

FORM = "multipart/form-data"
TABLES = ("text/csv", "text/tab-separated-values")

_PIECE = 262_144
_LONGEST_NAME = 200


class UploadBrokeOff(Exception):
    """The file did not arrive whole."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file while it arrives; `name` is what its sender calls it."""

    name: str | None
    pieces: AsyncIterator[bytes]


@asynccontextmanager
async def uploaded(request: Request) -> AsyncIterator[Upload]:
    """The file of a request, piece by piece; a form's is kept on disk until the end of the block.

    Raises:
        UnsupportedMediaType: it is neither a table nor a form.
        UploadBrokeOff: the sender hung up.
    """
    content_type = Message()
    content_type["content-type"] = request.headers.get("content-type", "")
    kind = content_type.get_content_type() if content_type["content-type"] else ""
    try:
        if kind == FORM:
            async with request.form(max_files=1, max_fields=10) as form:
                yield _of_form(form.get("file"))
        elif kind in TABLES:
            yield Upload(None, request.stream())
        else:
            raise UnsupportedMediaType(f"one of {', '.join((*TABLES, FORM))}")
    except ClientDisconnect as error:
        raise UploadBrokeOff("send it again; nothing of it was stored") from error


def _of_form(part: UploadFile | str | None) -> Upload:
    if not isinstance(part, UploadFile):
        missing = {"type": "missing", "loc": ("body", "file"), "msg": "A file is needed in the part named file"}
        raise RequestValidationError([missing])
    return Upload((part.filename or "")[-_LONGEST_NAME:] or None, _pieces(part))


async def _pieces(part: UploadFile) -> AsyncIterator[bytes]:
    while piece := await part.read(_PIECE):
        yield piece
