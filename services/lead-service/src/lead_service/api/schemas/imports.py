"""How imports of tables are shown."""

from datetime import datetime
from typing import Self
from uuid import UUID

from baoke_chassis.bodies import Reply

from lead_service.domain.lead_columns import LeadColumn
from lead_service.domain.lead_import import ImportState, LeadImport
from lead_service.domain.source import Channel


class ColumnOut(Reply):
    """A column of the file and what it was taken for; null is not read. `column_names` of the policy decides."""

    header: str
    field: LeadColumn | None


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
