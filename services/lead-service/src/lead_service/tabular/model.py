"""What is said of a table: its columns, its records, and what is wrong with it, in Chinese and English."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence, for whoever has to mend the file."""

    zh: str
    en: str


class Refused(ValueError):
    """Something of a table cannot be used."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{en} {zh}")
        self.saying = Saying(zh, en)


class CellRefused(Refused):
    """A cell cannot be read as what its column holds."""


class TableRefused(Refused):
    """The file cannot be read as a table."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the name in its header. `field` is what it holds, None where nobody knows.

    `factor` is what a bare number in it counts, by a unit in the header: 10,000 in 预算（万元）.
    """

    header: str
    field: str | None
    factor: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written: what separates its cells, its columns, and where its first row begins.

    `position` counts bytes. `row_number` is what a spreadsheet calls the header's row.
    """

    delimiter: str
    columns: Sequence[Column]
    position: int
    row_number: int


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it stands in the file. Each character of a cell is a byte; `text_of` reads it.

    `end` is the byte behind it, from the beginning of what was read. A row with a quotation mark that opens and never
    closes is `stray`: it is its first line only.
    """

    cells: Sequence[str]
    end: int
    stray: bool = False
