"""Selling a car to a lead."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import endings as db_endings
from lead_service.db import leads as db_leads
from lead_service.domain.lead import Lead, close
from lead_service.domain.sale import Sale
from lead_service.domain.stage import Stage


@dataclass(frozen=True, slots=True)
class WinLead:
    """Record the sale that a lead came to. `stores` are those it may be in; None is all."""

    dealer_id: UUID
    lead_id: UUID
    sale: Sale
    stores: Collection[UUID] | None = None


async def win_lead(session: AsyncSession, command: WinLead, *, now: datetime) -> Lead:
    """The lead is closed as won and the sale is on record.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    after = close(before, Stage.WON, at=now)
    await db_leads.save(session, [after])
    await db_endings.add_sale(session, after.dealer_id, after.id, command.sale)
    await publish(session, [facts.stage_changed(before, after, at=now), facts.won(after, command.sale, at=now)])
    return after
