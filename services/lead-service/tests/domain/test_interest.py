from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.interest import folded, model_key


@given(st.text())
def test_spelling_does_not_tell_models_apart(text):
    assert folded(folded(text)) == folded(text)
    assert folded(f"  {text}\u3000") == folded(text)


def test_case_width_and_spacing_do_not_count():
    assert model_key("BYD", "Seal 06") == model_key("ｂｙｄ", "SEAL　０６")


def test_makes_and_models_do_not_run_into_each_other():
    assert model_key("ab", "c") != model_key("a", "bc")
