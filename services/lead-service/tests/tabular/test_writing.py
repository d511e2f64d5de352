import csv
from contextlib import suppress
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.tabular import CellRefused, cleaned
from lead_service.tabular.writing import csv_lines


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "+8613800138000",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "7345120986612345678",
        "861380013800",
        "0571",
        "12E10",
        "1.38E+10",
    ],
)
def test_what_a_spreadsheet_would_run_or_spoil_is_written_as_text_and_read_back(cell):
    assert _written(cell) == f"'{cell}"
    assert cleaned(f"'{cell}") == cell.strip()


@pytest.mark.parametrize("cell", ["", "李娜", "13800138000", "0", "20000000", "a=b", "12-3", "'=1", "E10", "01-05"])
def test_what_stays_as_it_is_there_is_written_as_it_is(cell):
    assert _written(cell) == cell


@given(st.text(st.characters(codec="utf-8")))
def test_a_cell_keeps_all_that_was_in_it(cell):
    written = _written(cell)

    assert written in (cell, f"'{cell}")
    with suppress(CellRefused):
        assert written == cell or cleaned(written) in (cleaned(cell), cell.strip(), "")


def _written(cell: str) -> str:
    [[written]] = csv.reader(StringIO(csv_lines([[cell]]).decode(), newline=""), strict=True) if cell else [[""]]
    return written
