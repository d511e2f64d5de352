"""How a lead is worked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events import (
    LeadAssigned,
    LeadContacted,
    LeadDecisionStyleSet,
    LeadFollowUpMissed,
    LeadGraded,
    LeadRescheduled,
    LeadResponseOverdue,
    LeadStageChanged,
)

from lead_service.domain.assignment import AssignmentReason
from lead_service.domain.follow_up import FollowUp
from lead_service.domain.lead import Lead
from lead_service.domain.response import answered_in_time


def contacted(before: Lead, lead: Lead, follow_up: FollowUp) -> LeadContacted:
    """The dealer followed up."""
    return LeadContacted(
        dealer_id=lead.dealer_id,
        occurred_at=follow_up.made_at,
        lead_id=lead.id,
        store_id=lead.store_id,
        channel=follow_up.channel,
        outcome=follow_up.outcome,
        advisor_id=follow_up.advisor_id,
        due_at=follow_up.due_at,
        on_time=follow_up.on_time,
        next_contact_at=follow_up.next_contact_at,
        **_answer(before, lead),
    )


def assigned(
    lead: Lead, advisor_id: UUID, *, from_advisor_id: UUID | None, reason: AssignmentReason, at: datetime
) -> LeadAssigned:
    """An advisor became responsible."""
    return LeadAssigned(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        advisor_id=advisor_id,
        from_advisor_id=from_advisor_id,
        reason=reason,
    )


def _answer(before: Lead, lead: Lead) -> dict[str, Any]:
    """What only the contact says that was the first answer."""
    if lead.responded_at == before.responded_at:
        return {}
    return {
        "respond_by": lead.respond_by,
        "responded_in_time": answered_in_time(lead),
        "response_minutes": lead.response_minutes,
    }


def stage_changed(before: Lead, after: Lead, *, at: datetime) -> LeadStageChanged:
    """The lead moved."""
    return LeadStageChanged(
        dealer_id=after.dealer_id,
        occurred_at=at,
        lead_id=after.id,
        store_id=after.store_id,
        from_stage=before.stage,
        to_stage=after.stage,
    )


def follow_up_missed(lead: Lead, *, due_at: datetime, at: datetime) -> LeadFollowUpMissed:
    """The next contact fell due and nobody made it."""
    return LeadFollowUpMissed(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        grade=lead.grade,
        advisor_id=lead.advisor_id,
        due_at=due_at,
        level=lead.follow_up_escalation.level,
    )


def response_overdue(lead: Lead, *, respond_by: datetime, at: datetime) -> LeadResponseOverdue:
    """Nobody has answered the lead yet, to the level that its escalation has come to."""
    return LeadResponseOverdue(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        channel=lead.source.channel,
        grade=lead.grade,
        advisor_id=lead.advisor_id,
        captured_at=lead.captured_at,
        respond_by=respond_by,
        level=lead.response_escalation.level,
    )


def graded(before: Lead, after: Lead, *, at: datetime) -> LeadGraded:
    """The lead has another grade."""
    return LeadGraded(
        dealer_id=after.dealer_id,
        occurred_at=at,
        lead_id=after.id,
        store_id=after.store_id,
        from_grade=before.grade,
        grade=after.grade,
        advisor_id=after.advisor_id,
        next_contact_at=after.next_contact_at,
    )


def rescheduled(lead: Lead, *, from_at: datetime, to_at: datetime, at: datetime) -> LeadRescheduled:
    """The next contact is on another date."""
    return LeadRescheduled(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        from_at=from_at,
        to_at=to_at,
        advisor_id=lead.advisor_id,
    )


def decision_style_set(lead: Lead, *, at: datetime) -> LeadDecisionStyleSet:
    """It is known how the person decides."""
    return LeadDecisionStyleSet(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        decision_style=lead.decision_style,
    )
