"""Where a page of rows that are ordered by their id goes on."""

from uuid import UUID

from baoke_chassis.paging import InvalidCursor, Paging


def last_id(paging: Paging) -> UUID | None:
    """The id that the page before ended with; None on the first page.

    Raises:
        InvalidCursor: the cursor is of another list.
    """
    if paging.after is None:
        return None
    try:
        [text] = paging.after
        return UUID(text)
    except ValueError as error:
        raise InvalidCursor("use the next_cursor of the page before, as it is") from error
