"""Leads are looked at."""

from typing import Annotated
from uuid import UUID

from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query

from lead_service.api.callers import Reader
from lead_service.api.schemas.fields import GradeName
from lead_service.api.schemas.leads import LeadDetailOut, LeadOut
from lead_service.db import lead_reads
from lead_service.db.lead_reads import LeadFilter
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

router = Router(prefix="/v1/leads", tags=["leads"])


@router.get("")
async def list_leads(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    stage: Stage | None = None,
    grade: Annotated[GradeName | None, Query()] = None,
    store_id: UUID | None = None,
    advisor_id: UUID | None = None,
    channel: Channel | None = None,
) -> Page[LeadOut]:
    """Leads, newest first, of the stores that the caller may see."""
    asked = LeadFilter(caller.dealer_id, caller.stores, stage, grade, store_id, advisor_id, channel)
    leads = await lead_reads.page(session, asked, before=paging.after_one(UUID), limit=paging.limit + 1)
    page = paging.page(leads, cursor=lambda lead: [lead.id])
    return page.showing(lambda lead: LeadOut.of(lead, sees_phones=caller.sees_phones))


@router.get("/{lead_id}")
async def show_lead(lead_id: UUID, caller: Reader, session: Transaction) -> LeadDetailOut:
    """A lead with its touches, follow-ups, and how it ended."""
    lead = await lead_reads.find(session, caller.dealer_id, lead_id, stores=caller.stores)
    history = await lead_reads.history(session, lead)
    return LeadDetailOut.with_history(lead, history, sees_phones=caller.sees_phones)
