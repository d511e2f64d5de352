"""`baoke.loyalty`: members, points, tiers, referrals and rewards. Key: the customer."""

from datetime import date
from uuid import UUID

from pydantic import Field

from baoke_events.event import Cents, Currency, Event, Text, Word


class LoyaltyEvent(Event, topic="baoke.loyalty", key="customer_id", publishers=("loyalty-service",)):
    """What every fact about a member says."""

    customer_id: UUID


class MemberEnrolled(LoyaltyEvent, type="baoke.loyalty.member_enrolled.v1"):
    """The customer joined the programme."""

    tier: Word


class PointsEarned(LoyaltyEvent, type="baoke.loyalty.points_earned.v1"):
    """Points were awarded and can be spent."""

    award_id: UUID
    points: int = Field(gt=0)
    rule: Word
    """What they were earned for: service, purchase, referral, ..."""
    source_event_id: UUID
    balance: int
    """After the award."""
    expires_on: date | None = None


class PointsRedeemed(LoyaltyEvent, type="baoke.loyalty.points_redeemed.v1"):
    """The member spent points."""

    redemption_id: UUID
    points: int = Field(gt=0)
    reason: Text
    balance: int


class PointsExpired(LoyaltyEvent, type="baoke.loyalty.points_expired.v1"):
    """Points reached the end of their life."""

    points: int = Field(gt=0)
    balance: int


class PointsReversed(LoyaltyEvent, type="baoke.loyalty.points_reversed.v1"):
    """What points were given for was undone, and they were taken back as far as the member still held any."""

    award_id: UUID
    points: int = Field(ge=0)
    """Taken back; less than the award where the rest had been spent and no balance covered it."""
    shortfall: int = Field(default=0, ge=0)
    """Of the award, what could not be taken back."""
    rule: Word
    source_event_id: UUID
    balance: int
    reason: Word


class TierChanged(LoyaltyEvent, type="baoke.loyalty.tier_changed.v1"):
    """The member's tier rose or fell."""

    from_tier: Word
    to_tier: Word
    """member, silver 银卡, gold 金卡 or platinum 铂金卡."""


class ReferralQualified(LoyaltyEvent, type="baoke.loyalty.referral_qualified.v1"):
    """The referred person bought; the reward is held for the cooling-off time. Key: the referrer."""

    referral_id: UUID
    lead_id: UUID
    referee_customer_id: UUID


class ReferralPaid(LoyaltyEvent, type="baoke.loyalty.referral_paid.v1"):
    """One side of a referral got its reward; two of these make a paid referral."""

    referral_id: UUID
    side: Word
    """referrer or referee."""
    points: int = Field(ge=0)
    voucher_id: UUID | None = None
    voucher_kind: Word | None = None
    voucher_value_cents: Cents | None = None
    currency: Currency = "CNY"


class ReferralClawedBack(LoyaltyEvent, type="baoke.loyalty.referral_clawed_back.v1"):
    """One side of a paid referral gave its reward back, because the sale was undone."""

    referral_id: UUID
    lead_id: UUID
    side: Word
    """referrer or referee."""
    points: int = Field(ge=0)
    """Taken back."""
    voucher_id: UUID | None = None
    """The voucher that is void now; one that had been used stays used."""
    reason: Word


class ReferralVoided(LoyaltyEvent, type="baoke.loyalty.referral_voided.v1"):
    """The referral earns nothing. Key: the referrer."""

    referral_id: UUID
    lead_id: UUID
    reason: Word
    """same_phone, self_referral, same_vehicle, unknown_code or sale_cancelled."""


class RewardIssued(LoyaltyEvent, type="baoke.loyalty.reward_issued.v1"):
    """A voucher is the member's. Its code is a bearer secret and stays in loyalty-service."""

    voucher_id: UUID
    kind: Word
    value_cents: Cents
    currency: Currency = "CNY"
    expires_on: date | None = None
