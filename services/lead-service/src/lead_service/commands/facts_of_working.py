"""What is said of how a lead is worked, in the published language."""

from datetime import datetime

from baoke_events import LeadDecisionStyleSet, LeadGraded, LeadRescheduled, LeadResponseOverdue

from lead_service.domain.lead import Lead


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
