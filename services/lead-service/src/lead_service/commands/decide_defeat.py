"""A manager's word on giving a lead up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.defeat_lead import defeat_of, give_up
from lead_service.db import defeat_requests as db_requests
from lead_service.db import leads as db_leads
from lead_service.domain.defeat import Defeat, DefeatRequest, RequestState, decide
from lead_service.domain.lead import Lead, require_open
from lead_service.domain.policy import LeadPolicy


@dataclass(frozen=True, slots=True)
class DecideDefeat:
    """Say yes or no to the request that a lead be given up. `stores` are those it may be in; None is all."""

    dealer_id: UUID
    lead_id: UUID
    by: str
    note: str | None = None
    stores: Collection[UUID] | None = None


async def approve_defeat(session: AsyncSession, command: DecideDefeat, *, now: datetime) -> Defeat:
    """The lead is closed for the reason that was asked for, as it stands now.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
        NoDefeatPending: nobody asked, or it was decided already.
    """
    lead, request = await _decide(session, command, RequestState.APPROVED, now)
    policy = await rules_of(session, lead.dealer_id, LeadPolicy)
    return await give_up(session, lead, defeat_of(lead, request, at=now), policy)


async def reject_defeat(session: AsyncSession, command: DecideDefeat, *, now: datetime) -> DefeatRequest:
    """The lead is worked on.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
        NoDefeatPending: nobody asked, or it was decided already.
    """
    lead, request = await _decide(session, command, RequestState.REJECTED, now)
    await publish(session, [facts.defeat_rejected(lead, request, at=now)])
    return request


async def _decide(
    session: AsyncSession, command: DecideDefeat, state: RequestState, now: datetime
) -> tuple[Lead, DefeatRequest]:
    lead = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    require_open(lead)
    waiting = await db_requests.pending(session, lead.dealer_id, lead.id)
    decided = decide(waiting, lead.id, state, by=command.by, note=command.note, at=now)
    await db_requests.decide(session, decided)
    return lead, decided
