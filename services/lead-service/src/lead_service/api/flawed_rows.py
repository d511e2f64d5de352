"""Rows in which something is wrong, as a table to mend and send again."""

from collections.abc import AsyncIterator, Sequence

from baoke_chassis.database import Database

from lead_service.api.schemas.imports import ABOUT
from lead_service.db import lead_imports
from lead_service.domain.lead_import import FlawedRow, LeadImport
from lead_service.tabular.writing import MARK, csv_lines

PAGE = 500
"""Rows read from the database at a time, so that the answer to a million rejected rows needs no more memory."""

_WHOLE_ROW = "（整行 row）"


async def flawed_as_csv(database: Database, import_: LeadImport, *, taken: bool) -> AsyncIterator[bytes]:
    """The rows, in the order of the file: where it was, what is wrong, and the cells as they were sent."""
    headers = [column.header for column in import_.file.columns]
    yield MARK + csv_lines([[*ABOUT, *_own(headers, headers)]])
    after = 0
    while rows := await _page(database, import_, taken=taken, after=after):
        yield csv_lines([_line(row, headers) for row in rows])
        after = rows[-1].row_number


async def _page(database: Database, import_: LeadImport, *, taken: bool, after: int) -> list[FlawedRow]:
    async with database.begin() as session:
        return await lead_imports.flawed(session, import_, taken=taken, after=after, limit=PAGE)


def _line(row: FlawedRow, headers: Sequence[str]) -> list[str]:
    return [
        str(row.row_number),
        "、".join(dict.fromkeys(problem.column or _WHOLE_ROW for problem in row.problems)),
        " ".join(problem.words.zh for problem in row.problems),
        " ".join(problem.words.en for problem in row.problems),
        *_own(headers, row.cells),
    ]


def _own(headers: Sequence[str], cells: Sequence[str]) -> list[str]:
    """The cells of the file's own columns, and those beyond the header."""
    padded = [*cells, *[""] * (len(headers) - len(cells))]
    return [cell for place, cell in enumerate(padded) if place >= len(headers) or headers[place] not in ABOUT]
