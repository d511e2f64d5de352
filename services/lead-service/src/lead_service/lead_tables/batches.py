"""Rows of an import that are read together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lead_service.domain.capture import Inquiry
from lead_service.domain.lead_import import FlawedRow, ImportRemarks, LeadImport
from lead_service.domain.policy import LeadPolicy
from lead_service.lead_tables.rows import RowReader
from lead_service.tabular import read_records


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows read from the import's place on: what they ask for, what is wrong, and where the next one begins.

    `is_over` says that there is none.
    """

    inquiries: Sequence[Inquiry]
    flawed: Sequence[FlawedRow]
    remarks: ImportRemarks
    position: int
    row_number: int
    is_over: bool

    @property
    def rejected(self) -> int:
        """Rows that are not taken."""
        return sum(not row.is_taken for row in self.flawed)

    @property
    def warned(self) -> int:
        """Rows that are taken without something that cannot be read."""
        return len(self.flawed) - self.rejected


def read_batch(
    import_: LeadImport, policy: LeadPolicy, piece: bytes, *, is_last: bool, most: int, now: datetime
) -> Batch:
    """Up to `most` rows of `piece`, which is the file from the import's place on, `is_last` up to its end."""
    file = import_.file
    records = read_records(piece, file.delimiter, most=most, is_last=is_last, width=len(file.columns))
    reader, end = RowReader(import_, policy, now=now), records[-1].end if records else len(piece)
    read = [reader.read(record, number) for number, record in enumerate(records, import_.row_number + 1)]
    rows = [row for row in read if row is not None]
    remarks = ImportRemarks()
    for said in {row.remarks: None for row in rows}:
        remarks = remarks.plus(said)
    return Batch(
        inquiries=[row.inquiry for row in rows if row.inquiry],
        flawed=[row.flaw for row in rows if row.flaw],
        remarks=remarks,
        position=import_.position + end,
        row_number=import_.row_number + len(records),
        is_over=is_last and end == len(piece),
    )
