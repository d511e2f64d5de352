"""`baoke.loyalty`: points of a service, a tier, and a referral from its purchase to its rewards."""

from datetime import date

from baoke_events.catalogue import (
    MemberEnrolled,
    PointsEarned,
    PointsExpired,
    PointsRedeemed,
    PointsReversed,
    ReferralClawedBack,
    ReferralPaid,
    ReferralQualified,
    ReferralVoided,
    RewardIssued,
    TierChanged,
)
from baoke_events.contracts.samples.cast import BUYER, FUEL_CARD, LEAD, OWNER, REFERRAL, UNDONE_LEAD, at, id_of, told

SAMPLES = (
    MemberEnrolled(**told("member enrolled", "2026-04-18 06:40", sequence=1), customer_id=BUYER, tier="member"),
    ReferralQualified(
        **told("referral qualified", "2026-04-18 06:41", sequence=11),
        customer_id=OWNER,
        referral_id=REFERRAL,
        lead_id=LEAD,
        referee_customer_id=BUYER,
    ),
    ReferralVoided(
        **told("referral voided", "2026-04-19 02:00", sequence=12),
        customer_id=OWNER,
        referral_id=id_of("referral of oneself", at("2026-04-02 04:11")),
        lead_id=id_of("lead of oneself", at("2026-04-02 04:11")),
        reason="same_phone",
    ),
    ReferralPaid(
        **told("referral paid", "2026-04-25 07:00", sequence=13),
        customer_id=OWNER,
        referral_id=REFERRAL,
        side="referrer",
        points=2_000,
        voucher_id=FUEL_CARD,
        voucher_kind="fuel_card",
        voucher_value_cents=50_000,
    ),
    RewardIssued(
        **told("reward issued", "2026-04-25 07:00", sequence=14),
        customer_id=OWNER,
        voucher_id=FUEL_CARD,
        kind="fuel_card",
        value_cents=50_000,
        expires_on=date(2027, 4, 25),
    ),
    PointsEarned(
        **told("points earned", "2026-06-02 04:48", sequence=15),
        customer_id=OWNER,
        award_id=id_of("award", at("2026-06-02 04:48")),
        points=1_280,
        rule="service",
        source_event_id=told("service completed", "2026-06-02 04:48", sequence=37)["id"],
        balance=5_430,
        expires_on=date(2028, 6, 2),
    ),
    TierChanged(
        **told("tier changed", "2026-06-02 04:48", sequence=16), customer_id=OWNER, from_tier="silver", to_tier="gold"
    ),
    PointsRedeemed(
        **told("points redeemed", "2026-06-11 09:02", sequence=17),
        customer_id=OWNER,
        redemption_id=id_of("redemption", at("2026-06-11 09:02")),
        points=3_000,
        reason="空调滤芯更换券",
        balance=2_430,
    ),
    PointsExpired(
        **told("points expired", "2026-07-01 16:00", sequence=18), customer_id=OWNER, points=430, balance=2_000
    ),
    PointsReversed(
        **told("points reversed", "2026-07-02 03:10", sequence=19),
        customer_id=OWNER,
        award_id=id_of("award of a sale that was undone", at("2026-07-01 05:00")),
        points=2_000,
        shortfall=100,
        rule="referral",
        source_event_id=id_of("referral of a sale that was undone", at("2026-06-20 05:00")),
        balance=0,
        reason="sale_cancelled",
    ),
    ReferralClawedBack(
        **told("referral clawed back", "2026-07-02 03:10", sequence=20),
        customer_id=OWNER,
        referral_id=id_of("referral that was clawed back", at("2026-06-20 05:00")),
        lead_id=UNDONE_LEAD,
        side="referrer",
        points=2_000,
        voucher_id=id_of("fuel card of a sale that was undone", at("2026-07-01 05:00")),
        reason="sale_cancelled",
    ),
)
