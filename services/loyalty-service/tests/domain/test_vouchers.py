"""A voucher is used once, in time."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from loyalty_service.domain.errors import VoucherExpired, VoucherRedeemed
from loyalty_service.domain.policy import LoyaltyPolicy
from loyalty_service.domain.vouchers import Voucher, VoucherSource, VoucherState, Worth, last_day, use

ZONE = "Asia/Shanghai"
VOUCHER = Voucher(
    id=UUID(int=1),
    dealer_id=UUID(int=2),
    customer_id=UUID(int=3),
    code="0123456789ABCDEF",
    worth=Worth("fuel_card", 50_000, "CNY"),
    source=VoucherSource.REFERRAL,
    source_id=UUID(int=4),
    issued_at=datetime(2026, 1, 5, tzinfo=UTC),
    expires_on=date(2027, 1, 5),
)


def test_a_voucher_can_be_used_through_its_last_day_in_the_dealers_zone() -> None:
    last_minute = datetime(2027, 1, 5, 15, 59, tzinfo=UTC)

    used = use(VOUCHER, by="advisor-7", at=last_minute, time_zone=ZONE)

    assert used == replace(VOUCHER, redeemed_at=last_minute, redeemed_by="advisor-7")
    assert used.state_on(date(2030, 1, 1)) is VoucherState.REDEEMED


def test_a_voucher_past_its_last_day_is_refused() -> None:
    with pytest.raises(VoucherExpired, match="2027-01-05"):
        use(VOUCHER, by="advisor-7", at=datetime(2027, 1, 5, 16, tzinfo=UTC), time_zone=ZONE)


def test_a_used_voucher_is_refused() -> None:
    used = use(VOUCHER, by="advisor-7", at=datetime(2026, 2, 1, tzinfo=UTC), time_zone=ZONE)

    with pytest.raises(VoucherRedeemed, match="2026-02-01"):
        use(used, by="advisor-8", at=datetime(2026, 2, 2, tzinfo=UTC), time_zone=ZONE)


def test_a_voucher_lives_twelve_months() -> None:
    assert last_day(VOUCHER.issued_at, LoyaltyPolicy()) == VOUCHER.expires_on
