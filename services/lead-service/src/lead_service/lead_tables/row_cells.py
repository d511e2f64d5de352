"""The cells of one row by the column that they stand in, and what is wrong with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeVar

from lead_service.domain.lead_columns import LeadColumn
from lead_service.domain.lead_import import ImportColumn, RowProblem, Words
from lead_service.tabular import CellRefused, Record, bounded, cleaned, read_cents, text_of

T = TypeVar("T")

LONGEST_CELL = 300
"""Characters of a cell that is read; a note may have more."""


@dataclass(slots=True)
class RowCells:
    """A row that is being read. For `problems` it is rejected; with `warnings` its lead comes without what they name.

    `unread` are columns of unknown names in which something stands, `differing` pairs that hold the same thing.
    """

    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    _filled: dict[str, list[tuple[ImportColumn, str | CellRefused]]] = field(default_factory=dict)

    @classmethod
    def of(cls, record: Record, columns: Sequence[ImportColumn], encoding: str) -> Self | None:
        """The row's cells; None for a row that has nothing in it."""
        if not any(cell.strip() for cell in record.cells):
            return None
        row = cls()
        row._judge_form(record, len(columns))
        for column, cell in zip(columns, record.cells, strict=False):
            if column.field is not None:
                row._fill(column.field, column, cell, encoding)
            elif cell.strip() and column.header:
                row.unread.append(column.header)
        return row

    def take(self, name: LeadColumn, read: Callable[[str], T], *, is_needed: bool = False) -> T | None:
        """What `read` makes of the first column of that name that can be read; None where there is none."""
        if name not in self._filled:
            return None
        values = self.all(name, read, is_needed=is_needed)
        if len(values) > 1:
            self.differing.append(" ≠ ".join(dict.fromkeys(column.header for column, _ in self._filled[name])))
        return values[0] if values else None

    def all(self, name: LeadColumn, read: Callable[[str], T], *, is_needed: bool = False) -> list[T]:
        """What `read` makes of all columns of that name, each value once.

        What cannot be read is a warning, unless it `is_needed` and no other column of that name can.
        """
        return self._read(name, lambda _, text: read(text), is_needed=is_needed)

    def cents(self, name: LeadColumn) -> int | None:
        """The amount in the column, by the unit that its header names."""
        values = self._read(name, lambda column, text: read_cents(text, factor=column.factor))
        return values[0] if values else None

    def texts(self, name: LeadColumn) -> list[str]:
        """What stands in the columns of that name, where it is text."""
        return [text for _, text in self._filled.get(name, ()) if isinstance(text, str)]

    def says(self, name: LeadColumn) -> bool:
        """Whether something stands in the column, readable or not."""
        return name in self._filled

    def header_of(self, name: LeadColumn) -> str:
        """What the file calls the first column of that name in which something stands."""
        return self._filled[name][0][0].header

    def replace(self, name: LeadColumn, text: str) -> None:
        """One text stands for all columns of that name."""
        self._filled[name] = [(self._filled[name][0][0], text)]

    def warn(self, header: str | None, refused: CellRefused) -> None:
        """Something of the row, in that column, is not taken."""
        self.warnings.append(RowProblem(header, Words(refused.saying.zh, refused.saying.en)))

    def refuse(self, zh: str, en: str) -> None:
        """Something is wrong with the row as a whole."""
        self.problems.append(RowProblem(None, Words(zh, en)))

    def _read(self, name: LeadColumn, read: Callable[[ImportColumn, str], T], *, is_needed: bool = False) -> list[T]:
        values: list[T] = []
        refused: list[RowProblem] = []
        for column, text in self._filled.get(name, ()):
            try:
                if isinstance(text, CellRefused):
                    raise text
                value = read(column, text if name == LeadColumn.NOTE else bounded(text, LONGEST_CELL))
            except CellRefused as error:
                refused.append(RowProblem(column.header, Words(error.saying.zh, error.saying.en)))
            else:
                if value not in values:
                    values.append(value)
        (self.problems if is_needed and not values else self.warnings).extend(refused)
        return values

    def _judge_form(self, record: Record, width: int) -> None:
        if record.stray:
            self.refuse(
                "引号没有成对：这一行里有一个引号打开后没有关闭。请补上或删掉引号。",
                "A quotation mark opens in this row and never closes. Add the other one, or delete it.",
            )
        elif any(cell.strip() for cell in record.cells[width:]):
            self.refuse(
                f"这一行有 {len(record.cells)} 格，表头只有 {width} 列。多半是内容里有分隔符，请给那一格加上引号。",
                f"The row has {len(record.cells)} cells, the header {width}. A text with a separator in it needs "
                "quotation marks around it.",
            )

    def _fill(self, name: str, column: ImportColumn, cell: str, encoding: str) -> None:
        """Keep the cell, or why it cannot be read; a blank one is nothing."""
        text: str | CellRefused
        try:
            text = cleaned(text_of(cell, encoding))
        except CellRefused as refused:
            text = refused
        if text:
            self._filled.setdefault(name, []).append((column, text))
