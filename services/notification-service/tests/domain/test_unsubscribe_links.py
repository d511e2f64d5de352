"""Links that nobody else can make."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notification_service.domain.errors import UnknownUnsubscribeLink
from notification_service.domain.unsubscribe_links import UnsubscribeLinks, Unsubscription

LINKS = UnsubscribeLinks("https://example.com/notification-service/", b"a secret")
SUBJECT = Unsubscription(UUID(int=1), UUID(int=2), "marketing", "sms")

words = st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True)
subjects = st.builds(Unsubscription, st.uuids(), st.uuids(), words, words)


def test_a_link_fits_into_a_message() -> None:
    url = LINKS.url(SUBJECT)

    assert url.startswith("https://example.com/notification-service/u/")
    assert len(url) < 140


@given(subjects)
def test_a_token_says_what_it_was_made_for(subject: Unsubscription) -> None:
    assert LINKS.read(LINKS.token(subject)) == subject


@given(subjects, st.integers(0, 10_000), st.integers(0, 63))
def test_a_token_with_one_character_changed_is_unknown(subject: Unsubscription, place: int, letter: int) -> None:
    token = LINKS.token(subject)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    at = place % len(token)
    forged = token[:at] + alphabet[letter] + token[at + 1 :]

    if forged != token:
        with pytest.raises(UnknownUnsubscribeLink):
            LINKS.read(forged)


@given(st.text())
def test_any_other_text_is_unknown(token: str) -> None:
    with pytest.raises(UnknownUnsubscribeLink):
        LINKS.read(token)


def test_a_token_made_with_another_secret_is_unknown() -> None:
    with pytest.raises(UnknownUnsubscribeLink):
        UnsubscribeLinks("https://example.com", b"another secret").read(LINKS.token(SUBJECT))
