"""Phones are compared by keyed hash."""

from uuid import UUID

from loyalty_service.domain.phones import phone_hash

DEALER, OTHER_DEALER = UUID(int=1), UUID(int=2)


def test_equal_numbers_of_a_dealer_have_equal_hashes() -> None:
    assert phone_hash(b"key", DEALER, "+8613800138000") == phone_hash(b"key", DEALER, "+8613800138000")


def test_another_number_dealer_or_key_has_another_hash() -> None:
    hashes = {
        phone_hash(b"key", DEALER, "+8613800138000"),
        phone_hash(b"key", DEALER, "+8613800138001"),
        phone_hash(b"key", OTHER_DEALER, "+8613800138000"),
        phone_hash(b"other key", DEALER, "+8613800138000"),
    }

    assert len(hashes) == 4
    assert {len(digest) for digest in hashes} == {32}
