"""A lead's facts in the published language."""

from lead_service.commands.facts.endings import (
    defeat_rejected,
    defeat_requested,
    defeated,
    reopened,
    won,
    won_cancelled,
)
from lead_service.commands.facts.intake import captured, contact_changed, referral_named, touched
from lead_service.commands.facts.reactivations import greeted, reactivated, reactivation_ended, withdrawn
from lead_service.commands.facts.working import (
    assigned,
    contacted,
    decision_style_set,
    follow_up_missed,
    graded,
    rescheduled,
    response_overdue,
    stage_changed,
)

__all__ = [
    "assigned",
    "captured",
    "contact_changed",
    "contacted",
    "decision_style_set",
    "defeat_rejected",
    "defeat_requested",
    "defeated",
    "follow_up_missed",
    "graded",
    "greeted",
    "reactivated",
    "reactivation_ended",
    "referral_named",
    "reopened",
    "rescheduled",
    "response_overdue",
    "stage_changed",
    "touched",
    "withdrawn",
    "won",
    "won_cancelled",
]
