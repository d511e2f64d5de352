import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.api.phones import masked
from lead_service.domain.contact import Phone
from lead_service.phones import parse_phone


def read(written: str) -> Phone | None:
    """The number, or None where it is refused."""
    try:
        return parse_phone(written)
    except ValueError:
        return None


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "１３８００１３８０００",
        "+86 138-0013-8000",
        "0086 13800138000",
        "8613800138000",
    ],
)
def test_one_number_is_read_in_every_spelling(written):
    assert parse_phone(written) == Phone("+8613800138000")


@pytest.mark.parametrize(
    "written", ["13800138000,1234", "13800138000转1234", "13800138000 分机 1234", "13800138000 ext. 1234"]
)
def test_an_extension_makes_a_relay(written):
    assert parse_phone(written) == Phone("+8613800138000", "1234", is_relay=True)


@pytest.mark.parametrize("prefix", ["162", "165", "167", "170", "171"])
def test_a_virtual_operators_number_is_a_relay(prefix):
    assert parse_phone(f"{prefix}12345678").is_relay


@pytest.mark.parametrize("written", ["", "12345", "nobody's", "1380013800", "138001380000", "+1 555 123 4567", "95555"])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(ValueError, match="not a phone number"):
        parse_phone(written)


def test_a_foreign_number_needs_its_country_code():
    assert parse_phone("+1 415 555 2671") == Phone("+14155552671")


@given(st.text())
def test_any_text_is_a_number_or_refused(text):
    with suppress(ValueError):
        assert re.fullmatch(r"\+\d{5,17}", parse_phone(text).number)


@given(st.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_bare_digits_are_read_as_they_are_with_the_country_code(digits):
    assert read(digits) == read(f"+86{digits}")


def test_a_masked_number_keeps_its_ends_only():
    assert masked("+8613800138000") == "+86138****8000"
