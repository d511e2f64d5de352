"""What is late of a lead, and how far up that is reported."""

from dataclasses import replace
from datetime import datetime

from lead_service.domain.assignment import miss
from lead_service.domain.escalation import escalate
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy


def escalate_follow_up(lead: Lead, policy: LeadPolicy, *, at: datetime) -> Lead:
    """The open lead whose contact is overdue, at the level it has come to; at the first one it is missed."""
    rules, due_at = policy.working, lead.next_contact_at or at
    levels, calendar = rules.follow_up_escalation_minutes, rules.calendar_of(lead.store_id)
    escalated = replace(lead, follow_up_escalation=escalate(lead.follow_up_escalation, due_at, levels, calendar, at=at))
    is_new = escalated.follow_up_escalation.level > 0 and not lead.follow_up_missed
    return miss(escalated, policy.assignment, at=at) if is_new else escalated


def escalate_response(lead: Lead, policy: LeadPolicy, *, at: datetime) -> Lead:
    """The open lead whose first answer is overdue, at the level it has come to."""
    rules, respond_by = policy.working, lead.respond_by or at
    levels, calendar = rules.response_escalation_minutes, rules.calendar_of(lead.store_id)
    return replace(lead, response_escalation=escalate(lead.response_escalation, respond_by, levels, calendar, at=at))
