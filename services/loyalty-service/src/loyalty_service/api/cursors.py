"""Reading the cursors that `Paging` hands on as texts."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from baoke_chassis.paging import InvalidCursor, Paging

T = TypeVar("T", int, str, UUID)


def last(paging: Paging, read: Callable[[str], T]) -> T | None:
    """What the page before ended with; None on the first page.

    Raises:
        InvalidCursor: the cursor is of another list.
    """
    if paging.after is None:
        return None
    try:
        [text] = paging.after
        return read(text)
    except ValueError as error:
        raise InvalidCursor("use the next_cursor of the page before, as it is") from error
