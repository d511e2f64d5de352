import pytest
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
