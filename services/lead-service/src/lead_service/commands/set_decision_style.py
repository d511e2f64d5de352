"""Learning how a lead's person decides."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import leads as db_leads
from lead_service.domain.interest import DecisionStyle
from lead_service.domain.lead import Lead, require_open


@dataclass(frozen=True, slots=True)
class SetDecisionStyle:
    """Note that a person decides by comparison or by opportunity; None is not known (any more)."""

    dealer_id: UUID
    lead_id: UUID
    decision_style: DecisionStyle | None
    stores: Collection[UUID] | None = None


async def set_decision_style(session: AsyncSession, command: SetDecisionStyle, *, now: datetime) -> Lead:
    """The lead has the style; one that had it is left alone and nothing is published.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    require_open(before)
    after = replace(before, decision_style=command.decision_style)
    if after != before:
        await db_leads.save(session, [after], at=now)
        await publish(session, [facts.decision_style_set(after, at=now)])
    return after
