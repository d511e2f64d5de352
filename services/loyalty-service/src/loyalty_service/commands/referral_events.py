"""What is told of a referral."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from baoke_events import ReferralPaid, ReferralQualified, ReferralVoided
from baoke_events.event import Event

from loyalty_service.commands.envelopes import envelope
from loyalty_service.db.referrals import Told
from loyalty_service.domain.referrals import sides
from loyalty_service.domain.vouchers import Voucher


def voided(told: Told, *, now: datetime) -> list[Event]:
    """For the referrer; where nobody has the code there is nobody to tell."""
    referral = told.referral
    if referral.referrer_id is None or referral.void_reason is None:
        return []
    return [
        ReferralVoided(
            **envelope(referral.dealer_id, told.origin, now),
            customer_id=referral.referrer_id,
            referral_id=referral.id,
            lead_id=referral.lead_id,
            reason=referral.void_reason,
        )
    ]


def qualified(told: Told, *, now: datetime) -> list[Event]:
    """For the referrer, once both sides are known."""
    referral = told.referral
    if referral.referrer_id is None or referral.referee_id is None:
        return []
    return [
        ReferralQualified(
            **envelope(referral.dealer_id, told.origin, now),
            customer_id=referral.referrer_id,
            referral_id=referral.id,
            lead_id=referral.lead_id,
            referee_customer_id=referral.referee_id,
        )
    ]


def paid(told: Told, vouchers: Mapping[UUID, Voucher], *, now: datetime) -> list[Event]:
    """For each side, with the voucher it got (by customer) where it got one."""
    referral = told.referral
    return [
        ReferralPaid(
            **envelope(referral.dealer_id, told.origin, now),
            customer_id=customer_id,
            referral_id=referral.id,
            side=side,
            points=referral.terms.points,
            currency=referral.terms.voucher.currency,
            **_voucher_fields(vouchers.get(customer_id)),
        )
        for side, customer_id in sides(referral)
    ]


def _voucher_fields(voucher: Voucher | None) -> dict[str, object]:
    if voucher is None:
        return {}
    return {
        "voucher_id": voucher.id,
        "voucher_kind": voucher.worth.kind,
        "voucher_value_cents": voucher.worth.value_cents,
    }
