"""A table of leads that was sent as a file: how far it has been taken in, and what became of its rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lead_service.domain.capture import Outcome
from lead_service.domain.errors import ImportFinished
from lead_service.domain.source import Channel

MOST_REMARKS = 50


class ImportState(StrEnum):
    """How an import stands. One that was cancelled keeps what it had taken."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A column as the file names it, and what it holds; None where nobody knows, and nothing is read from it.

    `factor` is what a bare number in it counts.
    """

    header: str
    field: str | None
    factor: int = 1


@dataclass(frozen=True, slots=True)
class ImportFile:
    """The file: its digest (SHA-256), how it is written, and how many bytes of it are kept."""

    name: str | None
    digest: str
    encoding: str
    delimiter: str
    columns: Sequence[ImportColumn]
    bytes_total: int


@dataclass(frozen=True, slots=True)
class ImportDefaults:
    """What counts for rows that say nothing of it. `stores` are those that rows may be for; None is all."""

    store_id: UUID | None
    channel: Channel
    campaign: str | None
    stores: Collection[UUID] | None
    advisor_id: UUID | None


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """Rows that were read, by what they came to; blank ones do not count.

    `warned` are those that were taken without something that could not be read.
    """

    rows_read: int = 0
    created: int = 0
    touched: int = 0
    repeated: int = 0
    rejected: int = 0
    warned: int = 0

    def plus(self, outcomes: Sequence[Outcome], *, rejected: int, warned: int) -> "ImportCounts":
        """The counts after a batch."""
        return ImportCounts(
            self.rows_read + len(outcomes) + rejected,
            self.created + outcomes.count(Outcome.CREATED),
            self.touched + outcomes.count(Outcome.TOUCHED),
            self.repeated + outcomes.count(Outcome.REPEATED),
            self.rejected + rejected,
            self.warned + warned,
        )


@dataclass(frozen=True, slots=True)
class ImportRemarks:
    """What is said once of all rows, up to `MOST_REMARKS` of each.

    `unread_columns` have names that nobody knows, though something stands in them. `unknown_channels` are names that no
    channel has. `differing_columns` hold the same thing and do not always say the same, in which case the first counts.
    """

    unread_columns: tuple[str, ...] = ()
    unknown_channels: tuple[str, ...] = ()
    differing_columns: tuple[str, ...] = ()

    def plus(self, other: "ImportRemarks") -> "ImportRemarks":
        """These and the others, each once."""
        mine = ((getattr(self, each.name), getattr(other, each.name)) for each in fields(self))
        return ImportRemarks(*(tuple(dict.fromkeys((*these, *those)))[:MOST_REMARKS] for these, those in mine))


@dataclass(frozen=True, slots=True)
class LeadImport:
    """An import as it stands.

    `position` is the byte at which the next row begins, `row_number` what a spreadsheet calls the row before it.
    `turn_at` puts imports in line: each has its turn, whatever the size of the others.
    """

    dealer_id: UUID
    id: UUID
    state: ImportState
    file: ImportFile
    defaults: ImportDefaults
    position: int
    row_number: int
    counts: ImportCounts
    remarks: ImportRemarks
    correlation_id: UUID
    sent_at: datetime
    turn_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    failure: str | None = None

    @property
    def progress_percent(self) -> int:
        """How much of the file has been read."""
        return 100 * self.position // self.file.bytes_total if self.file.bytes_total else 100


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row: in which column, by the file's own name for it, or None for the whole row."""

    column: str | None
    words: Words


@dataclass(frozen=True, slots=True)
class FlawedRow:
    """A row in which something could not be read. `cells` are as they were sent.

    One that `is_taken` became a lead without it; any other was rejected.
    """

    row_number: int
    cells: Sequence[str]
    problems: Sequence[RowProblem]
    is_taken: bool


def advance(
    import_: LeadImport,
    *,
    position: int,
    row_number: int,
    counts: ImportCounts,
    remarks: ImportRemarks,
    is_over: bool,
    at: datetime,
) -> LeadImport:
    """The import after a batch, of which `remarks` are made; it is done where no row is left."""
    return replace(
        import_,
        state=ImportState.DONE if is_over else ImportState.RUNNING,
        position=import_.file.bytes_total if is_over else position,
        row_number=row_number,
        counts=counts,
        remarks=import_.remarks.plus(remarks),
        turn_at=at,
        started_at=import_.started_at or at,
        finished_at=at if is_over else None,
    )


def fail(import_: LeadImport, why: str, *, at: datetime) -> LeadImport:
    """The import after something that is not the file's fault, and that trying again does not mend."""
    return replace(import_, state=ImportState.FAILED, failure=why, finished_at=at)


def cancel(import_: LeadImport, *, at: datetime) -> LeadImport:
    """The import without the rows that it has not read; what was taken stays.

    Raises:
        ImportFinished: there is nothing left to cancel.
    """
    if import_.state is ImportState.CANCELLED:
        return import_
    if import_.finished_at is not None:
        raise ImportFinished(import_.id, import_.state)
    return replace(import_, state=ImportState.CANCELLED, finished_at=at)
