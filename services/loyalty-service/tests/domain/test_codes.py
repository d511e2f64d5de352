"""Codes can be typed by people and guessed by nobody."""

from hypothesis import given
from hypothesis import strategies as st
from loyalty_service.domain.codes import ALPHABET, REFERRAL_CODE_BITS, VOUCHER_CODE_BITS, as_typed, spell

numbers = st.integers(0, 2**REFERRAL_CODE_BITS - 1)


@given(numbers)
def test_a_code_has_ten_symbols_of_the_alphabet(number: int) -> None:
    code = spell(number, REFERRAL_CODE_BITS)

    assert len(code) == 10
    assert set(code) <= set(ALPHABET)


@given(numbers, numbers)
def test_different_numbers_have_different_codes(one: int, other: int) -> None:
    assert (spell(one, REFERRAL_CODE_BITS) == spell(other, REFERRAL_CODE_BITS)) == (one == other)


@given(numbers)
def test_case_hyphens_and_look_alikes_do_not_matter(number: int) -> None:
    code = spell(number, REFERRAL_CODE_BITS)
    misread = code.replace("0", "o").replace("1", "l").lower()

    assert as_typed(f" {misread[:5]}-{misread[5:]} ") == code


def test_a_voucher_code_has_sixteen_symbols() -> None:
    assert len(spell(2**VOUCHER_CODE_BITS - 1, VOUCHER_CODE_BITS)) == 16
