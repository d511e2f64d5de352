import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain import vin

letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
vins = st.text(letters, min_size=17, max_size=17)


@given(vins)
def test_every_vin_has_exactly_one_right_check_digit(number):
    right = [c for c in "0123456789X" if vin.has_check_digit(f"{number[:8]}{c}{number[9:]}")]

    assert right == [vin.check_digit(number)]


@given(vins)
def test_a_wrong_check_digit_is_refused_in_china_and_north_america_only(number):
    try:
        parsed = vin.parse(number)
    except ValueError:
        assert number[0] in "L145"
        assert not vin.has_check_digit(number)
    else:
        assert parsed == number


def test_a_vin_is_read_in_any_case_and_width():
    assert vin.parse(" 1m8gdm9axkp042788 ") == vin.parse("１Ｍ８ＧＤＭ９ＡＸＫＰ０４２７８８") == "1M8GDM9AXKP042788"


@pytest.mark.parametrize(
    "text", ["", "1M8GDM9AXKP04278", "1M8GDM9AXKP0427888", "1M8GDM9AXKPO42788", "1M8GDM9AXKP04278 "]
)
def test_what_is_no_vin_is_refused(text):
    with pytest.raises(ValueError, match="17 letters"):
        vin.parse(text)
