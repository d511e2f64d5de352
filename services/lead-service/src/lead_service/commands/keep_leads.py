"""Keeping what became of open leads, each in its place in the worklist."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.hand_over_leads import HandedOver, record_hand_over
from lead_service.db import advisors as db_advisors
from lead_service.db import leads as db_leads
from lead_service.db.assignments import Change
from lead_service.domain.assignment import AssignmentReason, hand_over
from lead_service.domain.errors import PersonHasOpenLead
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.worklist import ranked


async def keep(
    session: AsyncSession, leads: Sequence[Lead], policies: Mapping[UUID, LeadPolicy], *, at: datetime
) -> None:
    """The leads' changes are stored, and each is where its due time and its value put it. The caller locked them."""
    await db_leads.save(session, [ranked(lead, policies[lead.dealer_id].working.worklist) for lead in leads], at=at)


async def keep_reopened(
    session: AsyncSession, lead: Lead, policies: Mapping[UUID, LeadPolicy], *, by: str, at: datetime
) -> tuple[Lead, list[HandedOver]]:
    """The closed lead is open as given, and in its place; in the pool, if its advisor has left the roster meanwhile.

    Answers it, and what to publish of that. The caller locked it.

    Raises:
        PersonHasOpenLead: the person has come back meanwhile, with a lead that is worked.
    """
    other = await db_leads.reopen(session, ranked(lead, policies[lead.dealer_id].working.worklist), at=at)
    if other is not None:
        raise PersonHasOpenLead(other)
    if lead.advisor_id is None or await db_advisors.lock(session, {(lead.dealer_id, lead.advisor_id)}):
        return lead, []
    free = hand_over(lead, None, due=at, at=at)
    await keep(session, [free], policies, at=at)
    change = Change(free, lead.advisor_id, AssignmentReason.LEFT, by)
    return free, await record_hand_over(session, [change], at=at)
