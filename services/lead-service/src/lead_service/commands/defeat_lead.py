"""Giving a lead up (战败)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import endings as db_endings
from lead_service.db import leads as db_leads
from lead_service.domain.defeat import Defeat, DefeatReason
from lead_service.domain.lead import Lead, close
from lead_service.domain.stage import Stage


@dataclass(frozen=True, slots=True)
class DefeatLead:
    """Record that a lead is lost, why, and to which competitor. `stores` are those it may be in; None is all."""

    dealer_id: UUID
    lead_id: UUID
    reason: DefeatReason
    competitor: str | None = None
    note: str | None = None
    stores: Collection[UUID] | None = None


async def defeat_lead(session: AsyncSession, command: DefeatLead, *, now: datetime) -> tuple[Lead, Defeat]:
    """The lead is closed; its defeat waits for a market signal that answers the reason.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    after = close(before, Stage.DEFEATED, at=now)
    defeat = Defeat(
        dealer_id=before.dealer_id,
        lead_id=before.id,
        store_id=before.store_id,
        reason=command.reason,
        competitor=command.competitor,
        note=command.note,
        stage=before.stage,
        grade=before.grade,
        interest=before.interest,
        defeated_at=now,
    )
    await db_leads.save(session, [after])
    await db_endings.add_defeat(session, defeat)
    await publish(session, [facts.stage_changed(before, after, at=now), facts.defeated(defeat)])
    return after, defeat
