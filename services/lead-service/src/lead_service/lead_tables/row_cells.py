"""The cells of one row by the column that they stand in, and what is wrong with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeVar

from lead_service.domain.lead_columns import LeadColumn
from lead_service.domain.lead_import import ImportColumn, RowProblem, Words
from lead_service.tabular import CellRefused, Record, cleaned, read_cents, text_of

T = TypeVar("T")


@dataclass(slots=True)
class RowCells:
    """A row that is being read. What cannot be read joins `problems`."""

    problems: list[RowProblem] = field(default_factory=list)
    _filled: dict[str, tuple[ImportColumn, str]] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, record: Record, columns: Sequence[ImportColumn], encoding: str) -> Self | None:
        """The row's cells; None for a row that has nothing in it."""
        if not any(cell.strip() for cell in record.cells):
            return None
        row = cls()
        row._judge_form(record, len(columns))
        for column, cell in zip(columns, record.cells, strict=False):
            if column.field is not None:
                row._fill(column, cell, encoding)
        return row

    def take(self, name: LeadColumn, read: Callable[[str], T]) -> T | None:
        """What `read` makes of the column; None where it is blank or refused."""
        if (filled := self._filled.get(name)) is None:
            return None
        column, text = filled
        try:
            return read(text)
        except CellRefused as refused:
            self._refuse_cell(column, refused)
            return None

    def cents(self, name: LeadColumn) -> int | None:
        """The amount in the column, by the unit that its header names."""
        factor = self._filled[name][0].factor if name in self._filled else 1
        return self.take(name, lambda text: read_cents(text, factor=factor))

    def says(self, name: LeadColumn) -> bool:
        """Whether something stands in the column, readable or not."""
        return name in self._said

    def refuse(self, zh: str, en: str) -> None:
        """Something is wrong with the row as a whole."""
        self.problems.append(RowProblem(None, Words(zh, en)))

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

    def _fill(self, column: ImportColumn, cell: str, encoding: str) -> None:
        """Keep the cell. Of two columns that hold the same thing one may say it."""
        name = column.field or ""
        try:
            text = cleaned(text_of(cell, encoding))
        except CellRefused as refused:
            self._said.add(name)
            self._refuse_cell(column, refused)
            return
        if not text:
            return
        other, said = self._filled.setdefault(name, (column, text))
        self._said.add(name)
        if said != text:
            self.refuse(
                f"“{other.header}”和“{column.header}”两列说的不一样：{said}、{text}。请只留一个。",
                f'The columns "{other.header}" and "{column.header}" say different things: {said}, {text}. Keep one.',
            )

    def _refuse_cell(self, column: ImportColumn, refused: CellRefused) -> None:
        self.problems.append(RowProblem(column.header, Words(refused.saying.zh, refused.saying.en)))
