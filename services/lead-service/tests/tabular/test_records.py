import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.tabular import LONGEST_RECORD, read_records

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=20)


def cells_of(piece: bytes, delimiter: str = ",", **options) -> list[list[str]]:
    """The cells of every row, as text."""
    records = read_records(piece, delimiter, **{"most": 1_000, "is_last": True, **options})
    return [[cell.encode("latin-1").decode() for cell in record.cells] for record in records]


@given(ROWS, st.sampled_from([",", ";", "\t"]))
def test_what_a_spreadsheet_writes_is_read_as_it_was(rows, delimiter):
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)

    assert cells_of(text.getvalue().encode(), delimiter, width=2) == rows


@given(ROWS, st.integers(1, 5))
def test_a_file_is_read_from_any_row_on_without_one_lost_or_doubled(rows, most):
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    file, place, read = text.getvalue().encode(), 0, []

    while place < len(file):
        records = read_records(file[place:], ",", most=most, is_last=True, width=2)
        read += [list(record.cells) for record in records]
        place += records[-1].end

    assert read == [list(record.cells) for record in read_records(file, ",", most=1_000, is_last=True, width=2)]


@given(ROWS, st.data())
def test_a_row_that_goes_on_behind_the_piece_waits_for_the_next_one(rows, data):
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    file = text.getvalue().encode()
    cut = data.draw(st.integers(0, len(file)))

    head = read_records(file[:cut], ",", most=1_000, is_last=False, width=2)
    end = head[-1].end if head else 0
    tail = read_records(file[end:], ",", most=1_000, is_last=True, width=2)

    whole = read_records(file, ",", most=1_000, is_last=True, width=2)
    assert [r.cells for r in (*head, *tail)] == [r.cells for r in whole]


@pytest.mark.parametrize(
    ("file", "rows", "stray"),
    [
        ('a,"b\nc,d\ne,f\n', [["a", '"b'], ["c", "d"], ["e", "f"]], [0]),
        ('a,"b\nc,"d\ne,f\n', [["a", '"b'], ["c", '"d'], ["e", "f"]], [0, 1]),
        ('a,"two\nlines"\nc,d\n', [["a", "two\nlines"], ["c", "d"]], []),
        ('a,"say ""hi"""\n', [["a", 'say "hi"']], []),
        ('a,5" screen\n', [["a", '5" screen']], []),
        ("a,b\r\rc,d\r", [["a", "b"], [], ["c", "d"]], []),
        ("a,b\n\nc,d", [["a", "b"], [], ["c", "d"]], []),
        ("a\nb,c,d\n", [["a"], ["b", "c", "d"]], []),
        ('a,"two\nlines",\nc,d\n', [["a", "two\nlines"], ["c", "d"]], []),
        ('a,"say \\"hi\\""\nc,d\n', [["a", 'say "hi"'], ["c", "d"]], []),
        ('a,"C:\\"\nc,d\n', [["a", "C:\\"], ["c", "d"]], []),
        ("a,b\0c\n", [["a", "b\0c"]], []),
        ("", [], []),
    ],
    ids=[
        "open",
        "two open",
        "two lines",
        "doubled",
        "inch",
        "old Mac",
        "blank",
        "ragged",
        "comma",
        "backslash",
        "path",
        "zero",
        "empty",
    ],
)
def test_rows_of_dirty_files_are_told_apart(file, rows, stray):
    records = read_records(file.encode(), ",", most=1_000, is_last=True, width=2)

    assert cells_of(file.encode(), width=2) == rows
    assert [place for place, record in enumerate(records) if record.stray] == stray


def test_a_narrow_row_over_several_lines_is_one_unless_rows_lie_within_it():
    note, swallowed = b'a,"two\nlines"\nc,d\n', b'a,"b\n1,2,3,4\nc"\nd,e\n'

    assert cells_of(note, width=4) == [["a", "two\nlines"], ["c", "d"]]
    assert cells_of(swallowed, width=4) == [["a", '"b'], ["1", "2", "3", "4"], ['c"'], ["d", "e"]]


def test_a_quotation_mark_that_stays_open_for_too_long_is_given_up_and_the_next_rows_are_read():
    file = 'a,"b\n' + "c,d\n" * LONGEST_RECORD

    first, second, *_ = read_records(file.encode(), ",", most=3, is_last=False, width=2)

    assert (first.stray, first.end) == (True, 5)
    assert second.cells == ["c", "d"]


def test_a_line_without_end_is_left_behind_piece_by_piece():
    piece = b"x" * LONGEST_RECORD * 2

    [only] = read_records(piece, ",", most=3, is_last=False, width=2)

    assert (only.stray, only.end) == (True, len(piece))
