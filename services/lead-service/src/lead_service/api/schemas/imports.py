"""How imports of tables are shown."""

from datetime import datetime
from typing import Self
from uuid import UUID

from baoke_chassis.bodies import Reply

from lead_service.domain.lead_columns import LeadColumn
from lead_service.domain.lead_import import FlawedRow, ImportRemarks, ImportState, LeadImport
from lead_service.domain.source import Channel
from lead_service.lead_tables.batches import Batch

ABOUT = ("行号 row", "列 column", "问题 problem", "problem in English")
"""Stands before the columns of a file in the report of its flaws. Sent again, they are neither read nor repeated."""

_MOST_SHOWN = 100


class ColumnOut(Reply):
    """A column of the file and what it was taken for; null is not read. `column_names` of the policy decides."""

    header: str
    field: LeadColumn | None


class RemarksOut(Reply):
    """What is to be said once of all rows that were read, up to 50 of each."""

    unread_columns: list[str]
    """In which something stands, but whose names nobody knows. Name them in `column_names`, or in the file."""
    unknown_channels: list[str]
    """Names that no channel has in `channel_names`. They are kept as the campaign of leads that name no other."""
    differing_columns: list[str]
    """Which hold the same thing and do not always say the same. The first counts, of phones the first mobile one."""

    @classmethod
    def of(cls, remarks: ImportRemarks) -> Self:
        """The remarks, without the columns of our own reports."""
        return cls(
            unread_columns=[name for name in remarks.unread_columns if name not in ABOUT],
            unknown_channels=list(remarks.unknown_channels),
            differing_columns=list(remarks.differing_columns),
        )


class ProblemOut(Reply):
    """What is wrong in a row: the column by the file's name for it, or null for the row as a whole."""

    column: str | None
    zh: str
    en: str


class FlawedRowOut(Reply):
    """A row in which something is wrong; one that `is_taken` would come in without that."""

    row_number: int
    is_taken: bool
    problems: list[ProblemOut]

    @classmethod
    def of(cls, row: FlawedRow) -> Self:
        """The row without its cells, which are the sender's."""
        problems = [ProblemOut(column=each.column, zh=each.words.zh, en=each.words.en) for each in row.problems]
        return cls(row_number=row.row_number, is_taken=row.is_taken, problems=problems)


class ImportPreviewOut(Reply):
    """How a file is understood, and what would become of its first rows, 1,000 at most."""

    encoding: str
    delimiter: str
    header_row: int
    """The header's place, as a spreadsheet counts rows."""
    columns: list[ColumnOut]
    would_take: int
    would_reject: int
    would_warn: int
    """Of those taken: how many without something that cannot be read."""
    remarks: RemarksOut
    rows: list[FlawedRowOut]
    """The first 100 in which something is wrong."""

    @classmethod
    def of_first(cls, import_: LeadImport, batch: Batch) -> Self:
        """The answer for one file, of which this batch is the first."""
        return cls(
            encoding=import_.file.encoding,
            delimiter=import_.file.delimiter,
            header_row=import_.row_number,
            columns=[ColumnOut.model_validate(column) for column in import_.file.columns],
            would_take=len(batch.inquiries),
            would_reject=batch.rejected,
            would_warn=batch.warned,
            remarks=RemarksOut.of(batch.remarks),
            rows=[FlawedRowOut.of(row) for row in batch.flawed[:_MOST_SHOWN]],
        )


class ImportOut(Reply):
    """An import as it stands. Blank rows are not counted."""

    import_id: UUID
    state: ImportState
    progress_percent: int
    """How much of the file has been read."""
    rows_read: int
    created: int
    touched: int
    repeated: int
    """Rows whose source id was sent before; without one, rows of a file that was sent before."""
    rejected: int
    """Rows that were not taken; `GET …/errors` has them with what is wrong."""
    warned: int
    """Rows that were taken without something that cannot be read; `GET …/warnings` has them."""
    remarks: RemarksOut
    failure: str | None
    """Why the import could not go on, through no fault of the file. Sent again, what was taken is `repeated`."""
    file_name: str | None
    bytes_total: int
    encoding: str
    columns: list[ColumnOut]
    store_id: UUID | None
    channel: Channel
    campaign: str | None
    sent_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, import_: LeadImport) -> Self:
        """The answer for one import."""
        file, defaults, counts = import_.file, import_.defaults, import_.counts
        return cls(
            import_id=import_.id,
            state=import_.state,
            progress_percent=import_.progress_percent,
            rows_read=counts.rows_read,
            created=counts.created,
            touched=counts.touched,
            repeated=counts.repeated,
            rejected=counts.rejected,
            warned=counts.warned,
            remarks=RemarksOut.of(import_.remarks),
            failure=import_.failure,
            file_name=file.name,
            bytes_total=file.bytes_total,
            encoding=file.encoding,
            columns=[ColumnOut.model_validate(column) for column in file.columns],
            store_id=defaults.store_id,
            channel=defaults.channel,
            campaign=defaults.campaign,
            sent_at=import_.sent_at,
            started_at=import_.started_at,
            finished_at=import_.finished_at,
        )
