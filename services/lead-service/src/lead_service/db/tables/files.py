"""Tables of leads that come in, and lists that go out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lead_service.db.tables.base import Base


class LeadExportRow(Base):
    """Who took which leads out of the system. `leads` is how many left so far."""

    __tablename__ = "lead_export"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    exported_by: Mapped[str]
    format: Mapped[str]
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    with_phones: Mapped[bool]
    leads: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class LeadImportRow(Base):
    """A table of leads that was sent as a file, and how far it has been taken in.

    `position` is the byte at which the next row begins, and `row_number` what a spreadsheet calls the row before it.
    """

    __tablename__ = "lead_import"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    file_name: Mapped[str | None]
    digest: Mapped[str]
    encoding: Mapped[str]
    delimiter: Mapped[str]
    columns: Mapped[list[dict[str, Any]]]
    store_id: Mapped[UUID | None]
    channel: Mapped[str]
    campaign: Mapped[str | None]
    stores: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    advisor_id: Mapped[UUID | None]
    bytes_total: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    row_number: Mapped[int] = mapped_column(Integer)
    rows_read: Mapped[int] = mapped_column(Integer)
    created: Mapped[int] = mapped_column(Integer)
    touched: Mapped[int] = mapped_column(Integer)
    repeated: Mapped[int] = mapped_column(Integer)
    rejected: Mapped[int] = mapped_column(Integer)
    warned: Mapped[int] = mapped_column(Integer, server_default="0")
    remarks: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    failure: Mapped[str | None]
    sent_at: Mapped[datetime]
    turn_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    correlation_id: Mapped[UUID]

    __table_args__ = (
        Index("ix_lead_import_open", "turn_at", postgresql_where=text("finished_at IS NULL")),
        Index("ix_lead_import_finished", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
    )


class LeadImportPartRow(Base):
    """A piece of an imported file, of one size but for the last; gone once the import is finished."""

    __tablename__ = "lead_import_part"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    bytes: Mapped[bytes]


class LeadImportRejectionRow(Base):
    """A row of an imported file in which something is wrong: its cells, and what.

    One that `is_taken` came in without what could not be read; any other was rejected.
    """

    __tablename__ = "lead_import_rejection"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    cells: Mapped[list[str]] = mapped_column(JSONB)
    problems: Mapped[list[dict[str, Any]]]
    is_taken: Mapped[bool] = mapped_column(server_default="false")
