from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.consent import Consent, MessageChannel, Purpose, implied, told

consents = st.lists(
    st.builds(
        Consent,
        purpose=st.sampled_from(Purpose),
        channel=st.sampled_from(MessageChannel),
        granted=st.booleans(),
        wording_version=st.sampled_from([None, "v1", "v2"]),
        at=st.integers(0, 9).map(lambda day: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)),
    )
)


def granted(known):
    return {(consent.purpose, consent.channel): consent.granted for consent in known}


@given(consents, consents)
def test_the_last_explicit_word_counts(known, said):
    assert granted(told(known, said)) == {**granted(known), **granted(said)}


@given(consents, consents)
def test_a_wording_fills_gaps_and_nothing_else(known, wording):
    assert granted(implied(known, wording)) == {**granted(wording), **granted(known)}


@given(consents, consents)
def test_saying_it_again_changes_nothing(known, said):
    once = told(known, said)

    assert told(once, once) == once
    assert implied(once, once) == once
