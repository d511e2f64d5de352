"""Reading the cursors that `Paging` hands on as texts."""

from datetime import datetime
from uuid import UUID

from baoke_chassis.paging import InvalidCursor, Paging


def instant_and_id(paging: Paging) -> tuple[datetime, UUID] | None:
    """Return where a list ordered by instant and id goes on; None at its start.

    Raises:
        InvalidCursor: the cursor is of another list.
    """
    if paging.after is None:
        return None
    try:
        at, id_ = paging.after
        return datetime.fromisoformat(at), UUID(id_)
    except ValueError as error:
        raise InvalidCursor("use the next_cursor of the page before, as it is") from error
