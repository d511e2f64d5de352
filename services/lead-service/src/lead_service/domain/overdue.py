"""What is late of a lead, and how far up that is reported."""

from dataclasses import replace
from datetime import datetime

from lead_service.domain.assignment import miss
from lead_service.domain.escalation import escalate
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.response import owed_by_now


def escalate_follow_up(lead: Lead, policy: LeadPolicy, *, at: datetime) -> Lead:
    """The open lead whose contact is overdue, at the level it has come to; at the first one it is missed."""
    rules, due_at = policy.working, lead.next_contact_at or at
    levels, calendar = rules.follow_up_escalation_minutes, rules.calendar_of(lead.store_id)
    escalated = replace(lead, follow_up_escalation=escalate(lead.follow_up_escalation, due_at, levels, calendar, at=at))
    is_new = escalated.follow_up_escalation.level > 0 and not lead.follow_up_missed
    return miss(escalated, policy.assignment, calendar, at=at) if is_new else escalated


def escalate_response(lead: Lead, policy: LeadPolicy, *, at: datetime) -> Lead:
    """The open lead whose first answer is overdue, at the level it has come to; the first says who is answerable."""
    rules, owed = policy.working, owed_by_now(lead, policy.working)
    levels, calendar = rules.response_escalation_minutes, rules.calendar_of(lead.store_id)
    escalated = escalate(lead.response_escalation, owed.respond_by or at, levels, calendar, at=at)
    is_new = escalated.level > 0 and not lead.response_escalation.level
    answerable_id = lead.advisor_id if is_new else lead.answerable_id
    return replace(owed, response_escalation=escalated, answerable_id=answerable_id)
