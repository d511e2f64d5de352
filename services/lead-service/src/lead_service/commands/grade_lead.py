"""Giving a lead another grade (意向级别)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.keep_leads import keep
from lead_service.db import changes as db_changes
from lead_service.db import follow_ups as db_follow_ups
from lead_service.db import leads as db_leads
from lead_service.domain.grade import Grade
from lead_service.domain.grading import GradeChange, regrade
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy


@dataclass(frozen=True, slots=True)
class GradeLead:
    """Give a lead this grade, and say why. `graded_by` is who says so; `stores` are those it may be in, None is all."""

    dealer_id: UUID
    lead_id: UUID
    grade: Grade
    reason: str
    graded_by: str
    stores: Collection[UUID] | None = None


async def grade_lead(session: AsyncSession, command: GradeLead, *, now: datetime) -> Lead:
    """The lead has the grade, and its next contact the grade's clock. One that had it is left alone.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    policies = await policy_of(session, {command.dealer_id}, LeadPolicy)
    since = await db_follow_ups.last_made(session, before) or before.captured_at
    after = regrade(before, command.grade, policies[command.dealer_id], since=since, at=now)
    if after == before:
        return before
    change = GradeChange(uuid7(), before.grade, after.grade, command.reason, command.graded_by, now)
    await keep(session, [after], policies, at=now)
    await db_changes.add_grade(session, after, change)
    await publish(session, [facts.graded(before, after, at=now)])
    return after
