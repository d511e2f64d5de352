from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.errors import SignalExpired
from lead_service.domain.signal import MarketSignal, SignalKind, require_valid


@pytest.fixture
def signal(now):
    return MarketSignal(
        id=UUID(int=1),
        dealer_id=UUID(int=2),
        kind=SignalKind.PRICE_CUT,
        make="BYD",
        model="Seal",
        trim=None,
        price_from_cents=20_180_000,
        price_to_cents=18_980_000,
        competitor=None,
        valid_until=date(2026, 2, 1),
        note=None,
        received_at=now,
    )


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_the_difference_is_what_the_price_fell(price_from, price_to):
    signal = MarketSignal(
        UUID(int=1), UUID(int=2), SignalKind.OFFER, "a", "b", None, price_from, price_to, None, None, None, None
    )

    assert signal.difference_cents == (price_from - price_to if price_to < price_from else None)


def test_an_unknown_price_makes_no_difference(signal):
    assert replace(signal, price_from_cents=None).difference_cents is None


def test_spelling_note_and_time_make_no_other_signal(signal):
    respelt = replace(signal, id=UUID(int=9), make="ｂｙｄ", model="SEAL ", note="again", received_at=None)

    assert respelt.fingerprint == signal.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"kind": SignalKind.OFFER},
        {"model": "Dolphin"},
        {"trim": "Long Range"},
        {"price_from_cents": 1},
        {"price_to_cents": 1},
        {"competitor": "Tesla"},
        {"valid_until": None},
    ],
)
def test_anything_else_makes_another_signal(signal, change):
    assert replace(signal, **change).fingerprint != signal.fingerprint


def test_a_signal_holds_on_its_last_day_and_not_after(signal):
    require_valid(signal, today=date(2026, 2, 1))
    require_valid(replace(signal, valid_until=None), today=date(2099, 1, 1))

    with pytest.raises(SignalExpired):
        require_valid(signal, today=date(2026, 2, 2))
