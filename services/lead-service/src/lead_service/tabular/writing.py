"""Tables for a spreadsheet: UTF-8 with a mark that Excel knows it by, and no cell that Excel would run or spoil."""

import codecs
import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

MARK = codecs.BOM_UTF8
"""Begins a file, or Excel takes it for the local encoding and shows rubbish."""

_RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Begins what a spreadsheet runs instead of showing it (OWASP, CSV injection)."""

_SPOILT = re.compile(r"0[0-9]+|[0-9]{12,}|[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+")
"""What Excel takes for a quantity: it drops leading zeros, and of 12 digits and more it shows 1.23E+11 and keeps 15."""


def csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV (RFC 4180).

    A cell that a spreadsheet would take for a formula or a quantity gets an apostrophe, which `cleaned` takes away
    again: names come from the public, and =HYPERLINK(…) is a name to a form.
    """
    text = StringIO(newline="")
    csv.writer(text).writerows([f"'{cell}" if _is_taken_for_more(cell) else cell for cell in row] for row in rows)
    return text.getvalue().encode()


def _is_taken_for_more(cell: str) -> bool:
    return cell.startswith(_RUN) or _SPOILT.fullmatch(cell) is not None
