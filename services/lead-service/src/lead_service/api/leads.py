"""Leads are looked at."""

from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends

from lead_service.api.callers import Reader
from lead_service.api.lead_query import Asked, after
from lead_service.api.reach import WithinReach, limited_to, sees_phone
from lead_service.api.schemas.leads import LeadDetailOut, LeadOut
from lead_service.db import lead_reads
from lead_service.db.lead_filter import LeadSort
from lead_service.domain.lead import Lead

router = Router(prefix="/v1/leads", tags=["leads"])


@router.get("")
async def list_leads(
    query: Asked,
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    sort: LeadSort = LeadSort.NEWEST,
) -> Page[LeadOut]:
    """Leads of the stores that the caller may see; an advisor's are their own and the pool's (公海).

    `next_contact` sorts open leads by when they are owed a contact, `closed` closed ones by when they were closed,
    last first. Numbers are shown to, and searched for, those who may see them: an advisor not those of the pool.
    """
    asked = query.asked(caller, seen_by=await limited_to(session, caller))
    leads = await lead_reads.page(session, asked, sort, after=after(paging, sort), limit=paging.limit + 1)
    page = paging.page(leads, cursor=lambda lead: _place(lead, sort))
    return page.showing(lambda lead: LeadOut.of(lead, sees_phones=sees_phone(caller, lead)))


@router.get("/{lead_id}", dependencies=[WithinReach])
async def show_lead(lead_id: UUID, caller: Reader, session: Transaction) -> LeadDetailOut:
    """A lead with its touches, follow-ups, stages, and how it ended."""
    lead = await lead_reads.find(session, caller.dealer_id, lead_id, stores=caller.stores)
    history = await lead_reads.history(session, lead)
    return LeadDetailOut.with_history(lead, history, sees_phones=sees_phone(caller, lead))


def _place(lead: Lead, sort: LeadSort) -> list[Any]:
    instant = {LeadSort.NEXT_CONTACT: lead.next_contact_at, LeadSort.CLOSED: lead.closed_at}
    return [instant[sort], lead.id] if sort in instant else [lead.id]
