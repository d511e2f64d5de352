"""Referrals (老带新): created by a code, qualified by the purchase, held, then paid to both sides.

The facts that decide come from four topics in any order. A referral is judged only on evidence
whose verdict no later fact of an honest purchase would change; until then it waits and says for what.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty_service.domain.vouchers import Worth


class ReferralState(StrEnum):
    """Where a referral is in its life."""

    CREATED = "created"
    HELD = "held"
    """Qualified by the purchase; the rewards are promised."""
    PAID = "paid"
    VOIDED = "voided"


class VoidReason(StrEnum):
    """Why a referral earns nothing."""

    UNKNOWN_CODE = "unknown_code"
    SAME_PHONE = "same_phone"
    SELF_REFERRAL = "self_referral"
    SAME_VEHICLE = "same_vehicle"
    SALE_CANCELLED = "sale_cancelled"
    """The sale was undone; another sale of the lead brings the referral back."""


class Side(StrEnum):
    """Who gets a reward."""

    REFERRER = "referrer"
    REFEREE = "referee"


class Missing(StrEnum):
    """What a referral that was created waits for."""

    PURCHASE = "purchase"
    CUSTOMER = "customer"
    """The referred person's registration."""
    VEHICLE = "vehicle"
    """The bought vehicle's registration."""
    LEAD_CONTACT = "lead_contact"
    REFERRER_PHONE = "referrer_phone"
    REFEREE_PHONE = "referee_phone"


@dataclass(frozen=True, slots=True)
class Terms:
    """What each side gets, as it was when the code was used."""

    points: int
    voucher: Worth
    """Nothing is issued where it is worth nothing."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the two sides and of the purchase."""

    sold: bool
    sale_cancelled: bool
    """The newest sale was undone."""
    won_event_id: UUID | None
    """The newest sale's event."""
    vehicle_registered: bool
    lead_contact_known: bool
    """Its phone may be a relay number, which identifies nobody."""
    referrer_contact_known: bool
    referrer_phone_known: bool
    referee_phone_known: bool
    phones_meet: bool
    """A phone of the lead, or of the other person it became, is or was one of the referrer's."""
    referrer_owns_vehicle: bool
    referrer_id: UUID
    referee_id: UUID | None


@dataclass(frozen=True, slots=True)
class Referral:
    """One lead that came with a member's code."""

    id: UUID
    dealer_id: UUID
    lead_id: UUID
    source_event_id: UUID
    """The event that made it."""
    code: str
    referrer_id: UUID | None
    """None: nobody has this code."""
    terms: Terms
    state: ReferralState
    made_at: datetime
    void_reason: VoidReason | None = None
    referee_id: UUID | None = None
    """The customer the lead became; set when the referral qualified."""
    qualified_at: datetime | None = None
    pay_at: datetime | None = None
    paid_at: datetime | None = None
    voided_at: datetime | None = None
    reward_source_id: UUID | None = None
    """The sale that qualified it, where an earlier one had been undone."""

    @property
    def reward_fact(self) -> UUID:
        """The event that its rewards go back to: its own, or the sale that came after one that was undone."""
        return self.reward_source_id or self.source_event_id


def void(referral: Referral, reason: VoidReason, *, at: datetime) -> Referral:
    """The referral after it was found to earn nothing."""
    return replace(referral, state=ReferralState.VOIDED, void_reason=reason, voided_at=at, pay_at=None)


def hold(referral: Referral, evidence: Evidence, *, at: datetime, pay_at: datetime) -> Referral:
    """The referral after the purchase qualified it: to be looked at again, and paid, at `pay_at`.

    One whose earlier sale was undone is rewarded for the new one.
    """
    is_back = referral.state is ReferralState.VOIDED
    return replace(
        referral,
        state=ReferralState.HELD,
        referee_id=evidence.referee_id,
        qualified_at=at,
        pay_at=pay_at,
        void_reason=None,
        voided_at=None,
        paid_at=None,
        reward_source_id=evidence.won_event_id if is_back else referral.reward_source_id,
    )


def pay(referral: Referral, *, at: datetime) -> Referral:
    """The referral after both sides were rewarded."""
    return replace(referral, state=ReferralState.PAID, paid_at=at)


def sides(referral: Referral) -> tuple[tuple[Side, UUID], ...]:
    """Who gets a reward: both customers of a referral that qualified, else those who are known."""
    both = ((Side.REFERRER, referral.referrer_id), (Side.REFEREE, referral.referee_id))
    return tuple((side, customer_id) for side, customer_id in both if customer_id)


def missing(evidence: Evidence) -> tuple[Missing, ...]:
    """What has to be known before the referral qualifies; empty when all is."""
    known = {
        Missing.PURCHASE: evidence.sold,
        Missing.CUSTOMER: evidence.referee_id is not None,
        Missing.VEHICLE: evidence.vehicle_registered,
        Missing.LEAD_CONTACT: evidence.lead_contact_known,
        Missing.REFERRER_PHONE: evidence.referrer_phone_known,
        Missing.REFEREE_PHONE: evidence.referee_phone_known,
    }
    return tuple(fact for fact, is_known in known.items() if not is_known)


def void_reason(evidence: Evidence) -> VoidReason | None:
    """Why the referral must not be paid, as far as is known.

    A shared phone says so by itself. Every other reason waits until the contacts that could meet
    are known, so that the reason does not depend on which fact came first.
    """
    if evidence.phones_meet:
        return VoidReason.SAME_PHONE
    if evidence.referee_id == evidence.referrer_id:
        contacts_known = evidence.lead_contact_known and evidence.referrer_contact_known
        return VoidReason.SELF_REFERRAL if contacts_known else None
    if evidence.sale_cancelled:
        return VoidReason.SALE_CANCELLED
    if _IDENTITY.isdisjoint(missing(evidence)) and evidence.referrer_owns_vehicle:
        return VoidReason.SAME_VEHICLE
    return None


_IDENTITY = frozenset({Missing.CUSTOMER, Missing.LEAD_CONTACT, Missing.REFERRER_PHONE, Missing.REFEREE_PHONE})
