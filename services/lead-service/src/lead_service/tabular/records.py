"""Rows of a piece of a file.

Bytes become characters one by one (latin-1), so that the place of a row is known in bytes, as it must be to go on
there later. Which words they are is read cell by cell.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from lead_service.tabular.model import CellRefused, Record

LONGEST_RECORD = 131_072
"""Bytes of a row, and the field limit of `csv`. A quotation mark that is open for longer never closes."""

_OTHER = {"utf-8": "gb18030", "gb18030": "utf-8"}


class _Lines(Iterator[str]):
    """The lines of a text, one after the other, from any place again."""

    def __init__(self, text: str, *, whole: bool = True) -> None:
        self._lines = StringIO(text, newline="").readlines()
        is_cut = not whole and not text.endswith("\n")
        if self._lines and is_cut and (len(self._lines) > 1 or len(text) < LONGEST_RECORD):
            self._lines.pop()
        self.place = 0
        self.ran_out = False

    def __next__(self) -> str:
        if self.place == len(self._lines):
            self.ran_out = True
            raise StopIteration
        self.place += 1
        return self._lines[self.place - 1]

    def size(self, start: int) -> int:
        """Bytes from the line `start` to the present place."""
        return sum(map(len, self._lines[start : self.place]))

    def back_to(self, place: int) -> None:
        """Go on from the line `place`."""
        self.place, self.ran_out = place, False


def read_records(piece: bytes, delimiter: str, *, most: int, is_last: bool, width: int | None = None) -> list[Record]:
    """Up to `most` rows that are complete in `piece`, which begins where a row does; blank ones have no cells.

    `is_last` says that the file ends with it. Quotation marks inside of a cell are doubled, or have a backslash. A row
    over several lines that has more than `width` cells, or fewer and other rows inside of one, is taken for a quotation
    mark that was left open: its first line alone is the row, and the next one begins behind that.
    """
    lines, end = _Lines(piece.decode("latin-1"), whole=is_last), 0
    records: list[Record] = []
    while len(records) < most:
        start = lines.place
        row = _row(lines, delimiter, width=width, may_go_on=not is_last and len(piece) - end < LONGEST_RECORD)
        if row is None:
            break
        cells, stray = row
        end += lines.size(start)
        records.append(Record(cells, end, stray))
    return records


def _row(lines: _Lines, delimiter: str, *, width: int | None, may_go_on: bool) -> tuple[list[str], bool] | None:
    """The cells of the next row, and whether it is stray; None where there is none, or it may go on elsewhere."""
    start = lines.place
    for spelt in (lines, _doubled(lines)):
        lines.back_to(start)
        try:
            cells = next(csv.reader(spelt, delimiter=delimiter, strict=True), None)
        except csv.Error:
            if lines.ran_out and may_go_on:
                return None
            continue
        if cells is None or lines.place - start == 1 or width is None or _fits(cells, delimiter, width):
            return None if cells is None else (cells, False)
    return _first_line(lines, start, delimiter)


def _doubled(lines: _Lines) -> Iterator[str]:
    r"""The lines with \" in the spelling "", as MySQL writes what others double."""
    return (line.replace('\\"', '""') for line in lines)


def _fits(cells: list[str], delimiter: str, width: int) -> bool:
    """Whether a row over several lines is one row: not too wide, and no other rows within a cell of a narrower one."""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    within = (line for cell in cells for line in cell.splitlines()[1:])
    return len(cells) == width or (
        len(cells) < width and not any(line.count(delimiter) >= width - 1 for line in within)
    )


def _first_line(lines: _Lines, start: int, delimiter: str) -> tuple[list[str], bool]:
    """The first line of a row by itself; as it stands where its quotation marks are not in pairs, or it is too long."""
    lines.back_to(start)
    line = next(lines)
    alone = _Lines(line[:LONGEST_RECORD])
    cells = next(csv.reader(alone, delimiter=delimiter))
    if not alone.ran_out and len(line) <= LONGEST_RECORD:
        return cells, False
    return next(csv.reader([line[:LONGEST_RECORD]], delimiter=delimiter, quoting=csv.QUOTE_NONE)), True


def text_of(cell: str, encoding: str) -> str:
    """The words of a cell of a file in `encoding`, or in the other one where only this cell is written so.

    Raises:
        CellRefused: its bytes are no text in either.
    """
    if cell.isascii():
        return cell
    written = cell.encode("latin-1")
    for candidate in (encoding, _OTHER[encoding]):
        try:
            return written.decode(candidate)
        except UnicodeDecodeError:
            continue
    raise CellRefused(
        "文字编码有误，无法识别。请另存为“CSV UTF-8”后重新填写这一格。",
        'The characters cannot be read. Save the file as "CSV UTF-8" and write this cell again.',
    )


def shown(cell: str, encoding: str) -> str:
    """The words of a cell for somebody to look at, with a mark for each that cannot be read."""
    try:
        return text_of(cell, encoding).replace("\0", "\ufffd")
    except CellRefused:
        return cell.encode("latin-1").decode(encoding, "replace").replace("\0", "\ufffd")
