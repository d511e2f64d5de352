"""Call who complained back, settle the complaint, or take it a level up because nobody did."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of, rules_of
from baoke_events import ComplaintEscalated, ComplaintResolved
from baoke_events.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.announce import announce
from customer_service.commands.decide_churn import decide_churn
from customer_service.db import complaints as db_complaints
from customer_service.db import timeline as db_timeline
from customer_service.db.complaints import Due
from customer_service.domain.complaints import Complaint, escalated, escalates_at
from customer_service.domain.errors import ComplaintIsResolved, ComplaintNotFound
from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.timeline import Entry


async def call_back(
    session: AsyncSession, dealer_id: UUID, complaint_id: UUID, *, note: str | None, now: datetime
) -> Complaint:
    """Keep that the customer was called back. The first call counts; later ones replace its note.

    Raises:
        ComplaintNotFound: the dealer has no such complaint.
        ComplaintIsResolved: nothing is owed any more.
    """
    complaint = await _open_one(session, dealer_id, complaint_id)
    called = replace(complaint, called_back_at=complaint.called_back_at or now, callback_note=note)
    rules = (await rules_of(session, dealer_id, CustomerPolicy)).complaints
    await db_complaints.save(session, [(called, escalates_at(called, rules))])
    entry = Entry(dealer_id, called.customer_id, uuid7(), "complaint_called_back", now, {"complaint_id": complaint_id})
    await db_timeline.add(session, [entry])
    return called


async def resolve_complaint(
    session: AsyncSession, dealer_id: UUID, complaint_id: UUID, *, resolution: str | None, now: datetime
) -> Complaint:
    """Settle the complaint and say so; a churn warning that stood on it is taken back.

    Raises:
        ComplaintNotFound: the dealer has no such complaint.
        ComplaintIsResolved: it is settled already.
    """
    complaint = await _open_one(session, dealer_id, complaint_id)
    resolved = replace(complaint, resolved_at=now, resolution=resolution)
    await db_complaints.save(session, [(resolved, None)])
    customer = (dealer_id, complaint.customer_id)
    churn = await decide_churn(session, {customer: None}, because="complaint_resolved", now=now)
    said = ComplaintResolved(
        dealer_id=dealer_id,
        occurred_at=now,
        customer_id=complaint.customer_id,
        store_id=complaint.store_id,
        complaint_id=complaint_id,
    )
    await announce(session, [said, *churn])
    return resolved


async def escalate_due_complaints(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Take complaints that waited too long one level up, and say so; return how many there were."""
    due = await db_complaints.claim_due(session, now=now, limit=limit)
    if not due:
        return 0
    policies = await policy_of(session, {d.complaint.dealer_id for d in due}, CustomerPolicy)
    saved, events = [], []
    for one in due:
        rules = policies[one.complaint.dealer_id].complaints
        complaint = escalated(one.complaint, rules, now=now)
        saved.append((complaint, escalates_at(complaint, rules)))
        if complaint is not one.complaint:
            events.append(_escalated(complaint, one, now))
    await db_complaints.save(session, saved)
    await announce(session, events)
    return len(due)


async def _open_one(session: AsyncSession, dealer_id: UUID, complaint_id: UUID) -> Complaint:
    complaint = await db_complaints.lock(session, dealer_id, complaint_id)
    if complaint is None:
        raise ComplaintNotFound(complaint_id)
    if complaint.resolved_at:
        raise ComplaintIsResolved(complaint_id)
    return complaint


def _escalated(complaint: Complaint, due: Due, now: datetime) -> ComplaintEscalated:
    return ComplaintEscalated(
        dealer_id=complaint.dealer_id,
        occurred_at=now,
        correlation_id=due.origin.correlation_id,
        traceparent=due.origin.traceparent,
        customer_id=complaint.customer_id,
        store_id=complaint.store_id,
        complaint_id=complaint.complaint_id,
        level=complaint.level,
    )
