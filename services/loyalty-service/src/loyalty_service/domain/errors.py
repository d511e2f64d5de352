"""Refusals: what is the case when a rule says no."""

from uuid import UUID


class MemberNotFound(Exception):
    """The customer is not a member."""

    def __init__(self, customer_id: UUID) -> None:
        super().__init__(f"{customer_id} is not a member of this dealer's programme")


class InsufficientPoints(Exception):
    """The member holds fewer points than asked."""

    def __init__(self, asked: int, held: int) -> None:
        super().__init__(f"{asked} points asked, {held} held")
        self.asked = asked
        self.held = held


class RewardNotFound(Exception):
    """The programme has no such reward."""

    def __init__(self, reward_id: str) -> None:
        super().__init__(f"the programme has no reward {reward_id!r}")


class VoucherNotFound(Exception):
    """No voucher has this code."""

    def __init__(self) -> None:
        super().__init__("no voucher of this dealer has this code")


class VoucherRedeemed(Exception):
    """The voucher was used already."""

    def __init__(self, redeemed_on: str) -> None:
        super().__init__(f"the voucher was used on {redeemed_on}")


class VoucherVoid(Exception):
    """What the voucher was issued for was undone."""

    def __init__(self, voided_on: str) -> None:
        super().__init__(f"the voucher is void since {voided_on}")


class VoucherExpired(Exception):
    """The voucher is past its last day."""

    def __init__(self, expires_on: str) -> None:
        super().__init__(f"the voucher's last day was {expires_on}")
