"""Keyset paging with an opaque cursor."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

T = TypeVar("T")


class InvalidCursor(Exception):
    """The cursor is not one of ours."""


class Page(BaseModel, Generic[T]):
    """One page of a list. Ask again with `cursor=next_cursor` for the next; `null` is the end."""

    items: list[T]
    next_cursor: str | None = None


class Paging:
    """The `limit` and `cursor` of a request."""

    def __init__(
        self,
        limit: Annotated[int, Query(ge=1, le=200, description="items on a page")] = 50,
        cursor: Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before")] = None,
    ) -> None:
        self.limit = limit
        self.after: list[str] | None = _decode(cursor) if cursor else None

    def page(self, rows: Sequence[T], *, cursor: Callable[[T], Sequence[Any]]) -> Page[T]:
        """The page of up to `limit` of the rows; fetch `limit + 1` so that the end is known."""
        items = list(rows[: self.limit])
        more = len(rows) > self.limit
        return Page(items=items, next_cursor=_encode(cursor(items[-1])) if more else None)


def _encode(values: Sequence[Any]) -> str:
    texts = [value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values]
    return urlsafe_b64encode(json.dumps(texts).encode()).decode().rstrip("=")


def _decode(cursor: str) -> list[str]:
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (Base64Error, ValueError) as error:
        raise InvalidCursor("use the next_cursor of the page before, as it is") from error
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InvalidCursor("use the next_cursor of the page before, as it is")
    return values
