"""Many leads that are to change hands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lead_service.domain.grade import Grade
from lead_service.domain.lead import Lead
from lead_service.domain.stage import Stage


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open leads are meant: these, or all that are like this. Nothing named narrows nothing."""

    lead_ids: tuple[UUID, ...] = ()
    from_advisor_id: UUID | None = None
    from_pool: bool = False
    store_id: UUID | None = None
    stages: tuple[Stage, ...] = ()
    grades: tuple[Grade, ...] = ()


@dataclass(frozen=True, slots=True)
class Reassignment:
    """Open leads that go to these advisors in turn, or to the pool where none is named; and how far that has come.

    `stores` are those the leads may be in; None is all. `moved_through` is the last lead that was looked at.
    """

    dealer_id: UUID
    id: UUID
    stores: frozenset[UUID] | None
    wanted: Wanted
    to_advisors: tuple[UUID, ...]
    note: str
    asked_by: str
    asked_at: datetime
    matched: int = 0
    moved: int = 0
    moved_through: UUID | None = None
    finished_at: datetime | None = None

    def means(self, lead: Lead) -> bool:
        """Whether the lead, which may have changed since it was found, is still to be moved."""
        wanted = self.wanted
        return (
            not lead.stage.is_closed
            and wanted.from_advisor_id in (None, lead.advisor_id)
            and not (wanted.from_pool and lead.advisor_id)
            and (not wanted.stages or lead.stage in wanted.stages)
        )
