"""What is shown of referrals."""

from datetime import datetime
from typing import Self
from uuid import UUID

from baoke_chassis.bodies import Reply

from loyalty_service.domain.referrals import Missing, Referral, ReferralState, VoidReason


class ReferralOut(Reply):
    """A lead that came with a member's code, and what became of it."""

    referral_id: UUID
    lead_id: UUID
    code: str
    referrer_id: UUID | None
    """The member whose code it is; `null` if nobody has it."""
    referee_id: UUID | None
    """The customer the lead became; set once qualified."""
    state: ReferralState
    reason: VoidReason | None
    """Why it is void."""
    waiting_for: list[Missing]
    """What must be known before a created referral qualifies."""
    points: int
    """For each side, by the terms of the day it was made."""
    voucher_kind: str
    voucher_value_cents: int
    currency: str
    made_at: datetime
    qualified_at: datetime | None
    pay_at: datetime | None
    """When the hold is over."""
    paid_at: datetime | None
    voided_at: datetime | None

    @classmethod
    def of(cls, referral: Referral, waiting_for: tuple[Missing, ...]) -> Self:
        """The referral, and what it waits for."""
        return cls(
            referral_id=referral.id,
            lead_id=referral.lead_id,
            code=referral.code,
            referrer_id=referral.referrer_id,
            referee_id=referral.referee_id,
            state=referral.state,
            reason=referral.void_reason,
            waiting_for=list(waiting_for),
            points=referral.terms.points,
            voucher_kind=referral.terms.voucher.kind,
            voucher_value_cents=referral.terms.voucher.value_cents,
            currency=referral.terms.voucher.currency,
            made_at=referral.made_at,
            qualified_at=referral.qualified_at,
            pay_at=referral.pay_at,
            paid_at=referral.paid_at,
            voided_at=referral.voided_at,
        )
