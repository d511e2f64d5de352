"""The journeys every dealer starts with; a policy changes them one by one."""

from notification_service.domain.journeys import Condition, Journey
from notification_service.domain.messages import MessageClass

_DAY_S = 86_400
_TRANSACTIONAL = MessageClass.TRANSACTIONAL
_SERVICE = MessageClass.SERVICE
_MARKETING = MessageClass.MARKETING


def _when(field: str, *values: str) -> tuple[Condition, ...]:
    return (Condition(field, values),)


def _unless(field: str, *values: str) -> tuple[Condition, ...]:
    return (Condition(field, values, negated=True),)


_LEADS = (
    Journey(
        "lead_care",
        "LeadDefeated",
        "lead_care",
        _MARKETING,
        priority=20,
        delay_s=3 * _DAY_S,
        overtaken_by=("LeadReactivated", "LeadReopened", "LeadWon"),
    ),
    *(
        Journey(
            f"reactivation_{strategy}",
            "LeadReactivated",
            f"reactivation_{strategy}",
            _MARKETING,
            priority=priority,
            when=_when("strategy", strategy),
            overtaken_by=("LeadReopened", "LeadWon"),
        )
        for strategy, priority in (
            ("price_drop", 60),
            ("limited_offer", 60),
            ("in_stock", 60),
            ("better_value", 50),
            ("substitute", 50),
            ("competitor_answer", 50),
            ("new_model", 45),
            ("care", 20),
        )
    ),
)

_WORKSHOP = (
    Journey("maintenance_due", "MaintenanceDue", "maintenance_due", _SERVICE, priority=70),
    Journey("appointment_booked", "AppointmentBooked", "appointment_booked", _TRANSACTIONAL, priority=90),
    Journey("appointment_changed", "AppointmentChanged", "appointment_changed", _TRANSACTIONAL, priority=90),
    Journey("appointment_cancelled", "AppointmentCancelled", "appointment_cancelled", _TRANSACTIONAL, priority=90),
    Journey(
        "visit_quoted", "VisitProgressed", "visit_quoted", _TRANSACTIONAL, priority=90, when=_when("stage", "quoted")
    ),
    Journey("visit_ready", "VisitProgressed", "visit_ready", _TRANSACTIONAL, priority=90, when=_when("stage", "ready")),
    Journey("service_thanks", "ServiceCompleted", "service_thanks", _SERVICE, priority=65),
)

# The thanks for a visit and the news of a paid referral already say what those points were for.
_LOYALTY = (
    Journey(
        "points_earned",
        "PointsEarned",
        "points_earned",
        _SERVICE,
        priority=40,
        when=_unless("rule", "service", "referral"),
    ),
    Journey("tier_changed", "TierChanged", "tier_changed", _SERVICE, priority=50),
    Journey("referral_paid", "ReferralPaid", "referral_paid", _SERVICE, priority=80),
)

_CUSTOMERS = (
    Journey("complaint_acknowledged", "ComplaintOpened", "complaint_acknowledged", _TRANSACTIONAL, priority=95),
    Journey("churn_win_back", "ChurnWarned", "churn_win_back", _MARKETING, priority=55),
    Journey("trade_in_invitation", "TradeInCandidateFound", "trade_in_invitation", _MARKETING, priority=45),
)

SHIPPED_JOURNEYS = (*_LEADS, *_WORKSHOP, *_LOYALTY, *_CUSTOMERS)
