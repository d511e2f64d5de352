"""Tables for a spreadsheet: UTF-8 with a mark that Excel knows it by, and no cell that Excel would run."""

import codecs
import csv
from collections.abc import Iterable, Sequence
from io import StringIO

MARK = codecs.BOM_UTF8
"""Begins a file, or Excel takes it for the local encoding and shows rubbish."""

_RUN = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV (RFC 4180).

    A cell that a spreadsheet would take for a formula gets an apostrophe, which `cleaned` takes away again: names come
    from the public, and =HYPERLINK(…) is a name to a form (OWASP, CSV injection).
    """
    text = StringIO(newline="")
    csv.writer(text).writerows([f"'{cell}" if cell.startswith(_RUN) else cell for cell in row] for row in rows)
    return text.getvalue().encode()
