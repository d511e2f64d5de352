import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.export import harmless
from lead_service.domain.search import words_of


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("8000", "8000"),
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "8613800138000"),
        ("0086 13800138000", "8613800138000"),
        ("（021）6123 4567", "2161234567"),
        ("０１３８", "0138"),
        ("138", None),
        ("海豹 8000", None),
        ("٣٤٥٦", None),
        ("李娜", None),
    ],
)
def test_what_may_be_the_end_of_a_number_is_looked_for_as_one(typed, digits):
    assert words_of(typed, numbers=True).digits == digits
    assert words_of(typed, numbers=False).digits is None


def test_texts_are_compared_without_case_width_or_spaces():
    assert words_of(" ＢＹＤ Seal ", numbers=True).text == "bydseal"


@pytest.mark.parametrize("formula", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_runs_in_a_spreadsheet(formula):
    assert harmless(formula) == f"'{formula}"


@pytest.mark.parametrize("text", ["", "李娜", "+8613800138000", "a=b", "12-3", "'=1"])
def test_what_is_harmless_stays(text):
    assert harmless(text) == text


@given(st.text())
def test_a_cell_keeps_all_that_was_in_it(text):
    assert harmless(text).removeprefix("'") in (text, text.removeprefix("'"))
