"""Refusals about following up, and about the script library."""

from datetime import datetime
from uuid import UUID


class NextContactInThePast(Exception):
    """The next contact must lie ahead."""

    def __init__(self, next_contact_at: datetime) -> None:
        super().__init__(f"{next_contact_at.isoformat()} has passed already.")


class NextContactTooFar(Exception):
    """The next contact is put off too far."""

    def __init__(self, next_contact_at: datetime, furthest: datetime, grade: str) -> None:
        super().__init__(
            f"A lead of grade {grade} waits until {furthest.isoformat()} at most, not {next_contact_at.isoformat()}."
        )


class PostponedWithoutReason(Exception):
    """The next contact is put off without a reason."""

    def __init__(self, next_contact_at: datetime, clock_at: datetime) -> None:
        super().__init__(
            f"A note says why the next contact is on {next_contact_at.isoformat()}, and not by {clock_at.isoformat()}."
        )


class ContactOverdue(Exception):
    """The contact is overdue and can only be made."""

    def __init__(self, lead_id: UUID, due_at: datetime) -> None:
        super().__init__(f"Lead {lead_id} was owed a contact by {due_at.isoformat()}: making it sets the next date.")


class ScriptNotFound(Exception):
    """There is no such script."""

    def __init__(self, script_id: UUID) -> None:
        super().__init__(f"No script {script_id} is in the library.")


class LibraryFull(Exception):
    """The script library is full."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A library holds {most} scripts; retire one, or write over one that there is.")
