"""Whom other rules would touch, for `POST /v1/policy/preview`."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.policy_changes import Effect
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import candidates as db_candidates
from lead_service.db import lead_reads
from lead_service.db import signals as db_signals
from lead_service.db.lead_filter import LeadFilter, LeadSort
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import ReactivationPolicy
from lead_service.domain.signal import MarketSignal
from lead_service.domain.stage import Stage

SIGNALS = 3
"""The latest changes on the market stand for those that will come."""
EXAMPLES = 5
OPEN = [stage for stage in Stage if not stage.is_closed]


async def preview_policy(
    session: AsyncSession, dealer_id: UUID, before: LeadPolicy, after: LeadPolicy
) -> Sequence[Effect]:
    """The open leads whose grade gets another clock, and the lost ones that the latest signals would speak to.

    What is due already stays due; the clock counts from the next contact.
    """
    effects = []
    grades = [grade for grade, days in before.contact_within_days.items() if after.contact_within_days[grade] != days]
    if grades:
        asked = LeadFilter(dealer_id, grades=grades, stages=OPEN)
        some = await lead_reads.page(session, asked, LeadSort.NEWEST, after=None, limit=EXAMPLES)
        count = await lead_reads.count(session, asked)
        effects.append(Effect("open_leads_of_another_clock_from_their_next_contact", count, [lead.id for lead in some]))
    if before.reactivation != after.reactivation:
        latest = await db_signals.latest(session, dealer_id, today=before.today(utc_now()), limit=SIGNALS)
        effects += [
            Effect("lost_leads_spoken_to_before", await _spoken_to(session, latest, before.reactivation)),
            Effect("lost_leads_spoken_to_after", await _spoken_to(session, latest, after.reactivation)),
        ]
    return effects


async def _spoken_to(session: AsyncSession, latest: Sequence[MarketSignal], policy: ReactivationPolicy) -> int:
    """How many lost leads the latest signals would speak to if they came now."""
    again = [replace(signal, received_at=utc_now()) for signal in latest]
    return sum([await db_candidates.count(session, signal, policy) for signal in again])
