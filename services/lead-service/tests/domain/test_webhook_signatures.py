from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.errors import SignatureRefused
from lead_service.domain.intake import Signing
from lead_service.domain.webhook_signatures import (
    hex_signature,
    require_usable,
    standard_signature,
    verify_hex,
    verify_standard,
    written,
)

NOW = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
TOLERANCE = timedelta(minutes=5)
SECRET = written(b"k" * 32, Signing.STANDARD_WEBHOOKS)
OLDER = written(b"o" * 32, Signing.STANDARD_WEBHOOKS)


def signed(secret, body, *, at=NOW, delivery_id="msg_1", before="", after=""):
    timestamp = str(int(at.timestamp()))
    signature = f"{before}v1,{standard_signature(secret, delivery_id, timestamp, body)}{after}"
    return {"webhook-id": delivery_id, "webhook-timestamp": timestamp, "webhook-signature": signature}


def test_the_standards_own_example_fits():
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }

    at = datetime.fromtimestamp(1614265330, UTC)
    assert verify_standard(headers, body, [secret], now=at, tolerance=TOLERANCE) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


@given(st.binary(max_size=200))
def test_what_a_secret_signed_it_opens_and_no_other_body(body):
    headers = signed(SECRET, body)

    assert verify_standard(headers, body, [SECRET], now=NOW, tolerance=TOLERANCE) == "msg_1"
    with pytest.raises(SignatureRefused):
        verify_standard(headers, body + b" ", [SECRET], now=NOW, tolerance=TOLERANCE)


def test_of_two_secrets_either_fits_and_of_two_signatures_either_does():
    body = b"{}"
    other = "v1a,ed25519 v1,bm90IGl0 "

    for secret in (SECRET, OLDER):
        verify_standard(signed(secret, body, before=other), body, [SECRET, OLDER], now=NOW, tolerance=TOLERANCE)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1767580201"},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,äöü"},
        {"webhook-signature": "v2,g0hM9SsE"},
    ],
)
def test_a_header_that_was_changed_is_refused(change):
    with pytest.raises(SignatureRefused):
        verify_standard({**signed(SECRET, b"{}"), **change}, b"{}", [SECRET], now=NOW, tolerance=TOLERANCE)


@pytest.mark.parametrize("off", [timedelta(minutes=-6), timedelta(minutes=6), timedelta(days=3650)])
def test_a_call_of_another_time_is_refused(off):
    with pytest.raises(SignatureRefused):
        verify_standard(signed(SECRET, b"{}", at=NOW + off), b"{}", [SECRET], now=NOW, tolerance=TOLERANCE)


def test_a_timestamp_that_no_clock_shows_is_refused_although_it_is_signed():
    headers = {"webhook-id": "m", "webhook-timestamp": "9" * 30}
    headers["webhook-signature"] = f"v1,{standard_signature(SECRET, 'm', '9' * 30, b'{}')}"

    with pytest.raises(SignatureRefused):
        verify_standard(headers, b"{}", [SECRET], now=NOW, tolerance=TOLERANCE)


@pytest.mark.parametrize("written_as", ["{}", "sha256={}", " {} "])
def test_the_plain_form_takes_either_case_and_names_the_call_by_its_body(written_as):
    body = b'{"mobile": "13900001111"}'
    signature = hex_signature("a shared secret of theirs", body)

    ids = {
        verify_hex({"x-signature": written_as.format(text)}, body, ["another secret", "a shared secret of theirs"])
        for text in (signature, signature.upper())
    }

    assert len(ids) == 1
    with pytest.raises(SignatureRefused):
        verify_hex({"x-signature": written_as.format(signature)}, body + b"\n", ["a shared secret of theirs"])


def test_nothing_fits_without_a_secret():
    with pytest.raises(SignatureRefused):
        verify_hex({}, b"", [])
    with pytest.raises(SignatureRefused):
        verify_standard(signed(SECRET, b""), b"", [], now=NOW, tolerance=TOLERANCE)


@pytest.mark.parametrize(
    ("secret", "signing"),
    [
        ("whsec_c2hvcnQ=", Signing.STANDARD_WEBHOOKS),
        ("whsec_no base64!", Signing.STANDARD_WEBHOOKS),
        ("", Signing.STANDARD_WEBHOOKS),
        ("short", Signing.HMAC_SHA256_HEX),
        ("x" * 257, Signing.HMAC_SHA256_HEX),
    ],
)
def test_a_secret_that_makes_no_signature_is_refused(secret, signing):
    with pytest.raises(ValueError, match="a secret"):
        require_usable(secret, signing)


@pytest.mark.parametrize("signing", Signing)
def test_secrets_that_are_made_here_are_usable(signing):
    require_usable(written(b"k" * 32, signing), signing)
