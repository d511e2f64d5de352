import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.substitutes import SAME, AcceptableCar, Car, Substitute, acceptable_for

SEAL, HAN = Car("BYD", "Seal"), Car("BYD", "Han", "Premium")
NO_TRIMS = (0, 10)


def test_a_car_answers_for_itself_and_for_what_it_stands_in_for():
    pair = Substitute(SEAL, HAN, 70, price_band_percent=5)

    assert acceptable_for("byd", "SEAL", None, [pair], other_trims=NO_TRIMS) == (
        AcceptableCar("byd|seal", None, SAME),
        AcceptableCar("byd|han", "premium", 70, 5),
    )
    assert acceptable_for("BYD", "Han", "premium", [pair], other_trims=NO_TRIMS)[1] == AcceptableCar(
        "byd|seal", None, 70, 5
    )
    assert len(acceptable_for("BYD", "Han", "Basic", [pair], other_trims=NO_TRIMS)) == 1


def test_another_trim_of_the_model_answers_where_the_trim_is_named():
    named = acceptable_for("BYD", "Seal", "Long Range", [], other_trims=(80, 10))
    unnamed = acceptable_for("BYD", "Seal", None, [], other_trims=(80, 10))

    assert named == (AcceptableCar("byd|seal", "longrange", SAME), AcceptableCar("byd|seal", None, 80, 10))
    assert unnamed == (AcceptableCar("byd|seal", None, SAME),)


@given(st.lists(st.integers(1, 99), max_size=5))
def test_the_most_similar_comes_first(similarities):
    pairs = [Substitute(SEAL, Car("BYD", f"Model {n}"), similar) for n, similar in enumerate(similarities)]
    found = [wanted.similarity for wanted in acceptable_for("BYD", "Seal", None, pairs, other_trims=NO_TRIMS)]

    assert found == [SAME, *sorted(similarities, reverse=True)]


@pytest.mark.parametrize(
    "wrong", [{"similarity": 0}, {"similarity": 100}, {"price_band_percent": -1}, {"price_band_percent": 101}]
)
def test_every_number_of_a_substitute_has_bounds(wrong):
    with pytest.raises(ValueError, match="lies between"):
        Substitute(**{"car": SEAL, "other": HAN, "similarity": 70, **wrong})


def test_a_substitute_is_another_car_and_says_which():
    with pytest.raises(ValueError, match="no substitute for itself"):
        Substitute(SEAL, Car("ｂｙｄ", "se al"), 70)
    with pytest.raises(ValueError, match="names make and model"):
        Car("BYD", " ")
