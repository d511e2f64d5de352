"""What a newer contact changes."""

from uuid import UUID

from notification_service.domain.messages import Channel
from notification_service.domain.parties import Contact, Permission, granted_anew, newest

SMS = frozenset({Permission("marketing", "sms")})


def contact(sequence: int, **changes: object) -> Contact:
    return Contact(UUID(int=1), UUID(int=2), "customer", sequence, "李雷", **changes)  # type: ignore[arg-type]


def test_the_newest_contact_of_a_party_counts_in_whatever_order_they_come() -> None:
    older, newer = contact(1), contact(2)

    assert newest([newer, older]) == newest([older, newer]) == {newer.key: newer}


def test_agreeing_again_after_a_refusal_is_a_change_of_mind() -> None:
    assert granted_anew(contact(1, refused=SMS), contact(2, granted=SMS)) == SMS


def test_a_consent_that_simply_goes_on_is_not() -> None:
    assert granted_anew(contact(1, granted=SMS), contact(2, granted=SMS)) == frozenset()
    assert granted_anew(contact(1), contact(2, granted=SMS)) == frozenset()


def test_a_channel_reaches_its_own_address() -> None:
    reachable = contact(1, phone="+8613800138000", email="li@example.com")

    assert reachable.address(Channel.SMS) == "+8613800138000"
    assert reachable.address(Channel.EMAIL) == "li@example.com"
