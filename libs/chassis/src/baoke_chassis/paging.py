"""Keyset paging with an opaque cursor."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

T = TypeVar("T")
U = TypeVar("U")

NOT_OURS = "use the next_cursor of the page before, as it is"


class InvalidCursor(Exception):
    """The cursor is not one of ours."""


class Page(BaseModel, Generic[T]):
    """One page of a list. Ask again with `cursor=next_cursor` for the next; `null` is the end."""

    items: list[T]
    next_cursor: str | None = None

    def showing(self, show: Callable[[T], U]) -> "Page[U]":
        """The same page, of what `show` makes of each item."""
        return Page(items=[show(item) for item in self.items], next_cursor=self.next_cursor)


class Paging:
    """The `limit` and `cursor` of a request."""

    def __init__(
        self,
        limit: Annotated[int, Query(ge=1, le=200, description="items on a page")] = 50,
        cursor: Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before")] = None,
    ) -> None:
        self.limit = limit
        self.after: list[str] | None = _decode(cursor) if cursor else None

    def after_as(self, read: Callable[[Sequence[str]], T]) -> T | None:
        """What `read` makes of the values the page before ended with; None on the first page.

        Raises:
            InvalidCursor: `read` raised a ValueError: the cursor is of another list.
        """
        if self.after is None:
            return None
        try:
            return read(self.after)
        except ValueError as error:
            raise InvalidCursor(NOT_OURS) from error

    def after_one(self, read: Callable[[str], T]) -> T | None:
        """Where a list ordered by one value goes on; None at its start. Raises as `after_as`."""

        def only(values: Sequence[str]) -> T:
            [value] = values
            return read(value)

        return self.after_as(only)

    def after_instant_and_id(self) -> tuple[datetime, UUID] | None:
        """Where a list ordered by instant and id goes on; None at its start. Raises as `after_as`."""

        def both(values: Sequence[str]) -> tuple[datetime, UUID]:
            at, id_ = values
            return instant(at), UUID(id_)

        return self.after_as(both)

    def page(self, rows: Sequence[T], *, cursor: Callable[[T], Sequence[Any]]) -> Page[T]:
        """The page of up to `limit` of the rows; fetch `limit + 1` so that the end is known."""
        items = list(rows[: self.limit])
        more = len(rows) > self.limit
        return Page(items=items, next_cursor=_encode(cursor(items[-1])) if more else None)


def instant(text: str) -> datetime:
    """The moment in a cursor, in UTC.

    Raises:
        ValueError: it is none, lacks its zone, or lies outside the calendar.
    """
    at = datetime.fromisoformat(text)
    if at.utcoffset() is None:
        raise ValueError("an instant has a zone")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error


def _encode(values: Sequence[Any]) -> str:
    texts = [value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values]
    return urlsafe_b64encode(json.dumps(texts).encode()).decode().rstrip("=")


def _decode(cursor: str) -> list[str]:
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (Base64Error, ValueError) as error:
        raise InvalidCursor(NOT_OURS) from error
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InvalidCursor(NOT_OURS)
    return values
