"""VINs as they come from registration papers, and broken ones."""

import pytest
from customer_service.domain.errors import InvalidPlate, InvalidVin
from customer_service.domain.plates import checked_plate
from customer_service.domain.vin import VALUE_OF, check_digit, checked_vin, wrong_check_digit
from hypothesis import given
from hypothesis import strategies as st

SIGNS = st.text(alphabet=sorted(VALUE_OF), min_size=17, max_size=17)


@pytest.mark.parametrize("vin", ["1M8GDM9AXKP042788", "11111111111111111", "1HGCM82633A004352", "LFV2A21K8G4123456"])
def test_a_vin_with_its_check_digit_is_taken(vin):
    assert checked_vin(vin[:8] + check_digit(vin) + vin[9:])


def test_published_examples_have_the_published_check_digit():
    assert check_digit("1M8GDM9AXKP042788") == "X"
    assert check_digit("5GZCZ43D13S812715") == "1"
    assert check_digit("1HGCM82633A004352") == "3"


def test_case_blanks_and_hyphens_do_not_matter():
    assert checked_vin(" 1m8gdm9a-xkp042788 ") == "1M8GDM9AXKP042788"


@pytest.mark.parametrize(
    "vin", ["", "1M8GDM9AXKP04278", "1M8GDM9AXKP0427888", "1M8GDM9AXKPO42788", "1M8GDM9AXKP04278八"]
)
def test_what_is_not_seventeen_permitted_signs_is_no_vin(vin):
    with pytest.raises(InvalidVin, match="17 letters and digits"):
        checked_vin(vin)


@given(SIGNS, st.sampled_from("L145"), st.sampled_from("0123456789X"))
def test_a_wrong_check_digit_is_refused_where_it_is_prescribed(rest, region, digit):
    vin = region + rest[1:8] + digit + rest[9:]

    if digit == check_digit(vin):
        assert checked_vin(vin) == vin
    else:
        with pytest.raises(InvalidVin, match=f"is {digit} where {check_digit(vin)} is expected"):
            checked_vin(vin)


@given(SIGNS.filter(lambda vin: vin[0] not in "L145"))
def test_elsewhere_a_wrong_check_digit_is_only_told(vin):
    assert checked_vin(vin) == vin
    assert (wrong_check_digit(vin) is None) == (vin[8] == check_digit(vin))


@pytest.mark.parametrize(
    ("text", "plate"), [("沪A·12345", "沪A12345"), ("粤BD12345", "粤BD12345"), ("京a 1b2c3", "京A1B2C3")]
)
def test_a_plate_is_kept_without_separators(text, plate):
    assert checked_plate(text) == plate


@pytest.mark.parametrize("text", ["", "沪A1234", "沪AD1234567", "沪A!12345"])
def test_other_lengths_and_signs_are_no_plate(text):
    with pytest.raises(InvalidPlate):
        checked_plate(text)
