"""Whether a message may go: total, and with a reason for every no."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notification_service.domain.decision import Send, Suppress, Wait, judge
from notification_service.domain.messages import Channel, Message, MessageClass, Reason
from notification_service.domain.parties import Contact, Permission
from notification_service.domain.policy import NotificationPolicy

NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 5, 1, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai
MORNING = datetime(2026, 5, 2, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai
POLICY = NotificationPolicy()
EVERYTHING = frozenset(Permission(p, c) for p in ("service", "marketing") for c in ("sms", "email"))


def message(message_class: MessageClass = MessageClass.MARKETING, **changes: Any) -> Message:
    fields: dict[str, Any] = {
        "dealer_id": UUID(int=1),
        "message_id": UUID(int=2),
        "party_id": UUID(int=3),
        "journey": None,
        "message_class": message_class,
        "priority": 50,
        "template": "notice",
        "data": {},
        "channels": (Channel.SMS, Channel.EMAIL),
        "occurred_at": NOON,
        "due_at": NOON,
    }
    return Message(**{**fields, **changes})


def contact(**changes: Any) -> Contact:
    fields: dict[str, Any] = {
        "dealer_id": UUID(int=1),
        "party_id": UUID(int=3),
        "party_kind": "customer",
        "sequence": 1,
        "name": "李雷",
        "phone": "+8613800138000",
        "email": "li@example.com",
        "granted": EVERYTHING,
    }
    return Contact(**{**fields, **changes})


def test_a_consented_message_at_noon_goes_on_its_channels_in_order() -> None:
    assert judge(message(), contact(), set(), POLICY, now=NOON) == Send((Channel.SMS, Channel.EMAIL))


@pytest.mark.parametrize("message_class", [MessageClass.SERVICE, MessageClass.MARKETING])
def test_without_consent_there_is_no_service_and_no_marketing_message(message_class: MessageClass) -> None:
    verdict = judge(message(message_class), contact(granted=frozenset()), set(), POLICY, now=NOON)

    assert verdict == Suppress(Reason.NO_CONSENT)


def test_consent_to_service_is_no_consent_to_marketing() -> None:
    only_service = contact(granted=frozenset({Permission("service", "sms")}))

    assert judge(message(), only_service, set(), POLICY, now=NOON) == Suppress(Reason.NO_CONSENT)
    assert judge(message(MessageClass.SERVICE), only_service, set(), POLICY, now=NOON) == Send((Channel.SMS,))


@pytest.mark.parametrize(
    ("valid_until", "verdict"),
    [
        ("2026-04-30", Suppress(Reason.EXPIRED)),
        ("2026-05-01", Send((Channel.SMS, Channel.EMAIL))),
        (None, Send((Channel.SMS, Channel.EMAIL))),
        ("soon", Send((Channel.SMS, Channel.EMAIL))),
    ],
)
def test_an_offer_is_made_up_to_its_last_day_on_the_partys_clock(valid_until: str | None, verdict: object) -> None:
    offer = message(data={"valid_until": valid_until})

    assert judge(offer, contact(), set(), POLICY, now=NOON) == verdict
    assert judge(offer, contact(time_zone="Pacific/Pago_Pago"), set(), POLICY, now=NOON) != Suppress(Reason.EXPIRED)


def test_who_unsubscribed_from_marketing_still_gets_service_messages() -> None:
    unsubscribed = {Permission("marketing", "sms"), Permission("marketing", "email")}

    assert judge(message(), contact(), unsubscribed, POLICY, now=NOON) == Suppress(Reason.UNSUBSCRIBED)
    assert isinstance(judge(message(MessageClass.SERVICE), contact(), unsubscribed, POLICY, now=NOON), Send)


def test_who_unsubscribed_on_one_channel_is_written_to_on_the_other() -> None:
    verdict = judge(message(), contact(), {Permission("marketing", "sms")}, POLICY, now=NOON)

    assert verdict == Send((Channel.EMAIL,))


def test_a_transactional_message_needs_an_address_only() -> None:
    nothing_granted = contact(granted=frozenset(), email=None)

    verdict = judge(message(MessageClass.TRANSACTIONAL), nothing_granted, EVERYTHING, POLICY, now=NIGHT)

    assert verdict == Send((Channel.SMS,))


def test_at_night_a_marketing_message_waits_for_the_morning() -> None:
    assert judge(message(), contact(), set(), POLICY, now=NIGHT) == Wait(MORNING, Reason.QUIET_HOURS)


def test_a_dealer_without_quiet_hours_sends_at_night() -> None:
    policy = NotificationPolicy(quiet_hours=None)

    assert isinstance(judge(message(), contact(), set(), policy, now=NIGHT), Send)


def test_a_message_nobody_may_get_is_not_kept_until_the_morning() -> None:
    verdict = judge(message(), contact(granted=frozenset()), set(), POLICY, now=NIGHT)

    assert verdict == Suppress(Reason.NO_CONSENT)


def test_an_unknown_contact_is_waited_for_and_then_given_up() -> None:
    soon, late = NOON + timedelta(seconds=59), NOON + timedelta(seconds=60)

    assert judge(message(), None, set(), POLICY, now=soon) == Wait(soon + timedelta(seconds=1), Reason.NO_CONTACT)
    assert judge(message(), None, set(), POLICY, now=late) == Suppress(Reason.NO_CONTACT)


def test_a_contact_without_any_address_cannot_be_reached() -> None:
    verdict = judge(message(MessageClass.TRANSACTIONAL), contact(phone=None, email=None), set(), POLICY, now=NOON)

    assert verdict == Suppress(Reason.NO_CONTACT)


permissions = st.frozensets(st.sampled_from(sorted(EVERYTHING)))
contacts = st.builds(
    contact,
    phone=st.sampled_from([None, "+8613800138000"]),
    email=st.sampled_from([None, "li@example.com"]),
    granted=permissions,
    time_zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Pacific/Apia"]),
)
messages = st.builds(
    message,
    st.sampled_from(MessageClass),
    channels=st.permutations(list(Channel)).map(tuple) | st.sampled_from([(c,) for c in Channel]) | st.just(()),
)
instants = st.integers(0, 366 * 86_400).map(lambda s: NOON + timedelta(seconds=s))


@given(messages, st.none() | contacts, permissions, instants)
def test_every_message_goes_waits_for_later_or_has_a_reason(
    message: Message, contact: Contact | None, unsubscribed: frozenset[Permission], now: datetime
) -> None:
    match judge(message, contact, unsubscribed, POLICY, now=now):
        case Send(channels):
            assert channels
            assert set(channels) <= set(message.channels)
        case Wait(until, reason):
            assert until > now
            assert reason in {Reason.QUIET_HOURS, Reason.NO_CONTACT}
        case Suppress(reason):
            assert reason in {Reason.NO_CONTACT, Reason.NO_CONSENT, Reason.UNSUBSCRIBED}


@given(messages, contacts, permissions, instants)
def test_nothing_is_sent_where_no_address_or_no_standing_consent_is(
    message: Message, contact: Contact, unsubscribed: frozenset[Permission], now: datetime
) -> None:
    verdict = judge(message, contact, unsubscribed, POLICY, now=now)

    for channel in verdict.channels if isinstance(verdict, Send) else ():
        assert contact.address(channel)
        purpose = message.message_class.purpose
        assert purpose is None or Permission(purpose, channel) in contact.granted - unsubscribed
