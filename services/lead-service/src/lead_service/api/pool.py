"""Leads change hands: the public pool (公海), transfers, and who had a lead when."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.access import Caller
from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from baoke_events.ids import uuid7
from fastapi import Depends, Query, Response

from lead_service.api.callers import Allocator, Claimer, Reader
from lead_service.api.reach import Signed, WithinReach, sees_phone
from lead_service.api.schemas.assignment import AssignmentOut, ReassignIn, ReassignmentOut, TransferIn
from lead_service.api.schemas.leads import LeadOut
from lead_service.commands.claim_lead import ClaimLead, claim_lead
from lead_service.commands.reassign_leads import preview_reassignment, reassign_leads
from lead_service.commands.transfer_lead import TransferLead, transfer_lead
from lead_service.db import assignments, lead_reads, reassignments
from lead_service.db.lead_filter import LeadFilter, LeadSort
from lead_service.domain.assignment import Assignment
from lead_service.domain.reassignment import Reassignment

router = Router(prefix="/v1", tags=["advisors and the pool"])

DryRun = Annotated[bool, Query(description="tell how many leads it would move, and move none")]
_LATER: dict[int | str, dict[str, Any]] = {202: {"model": ReassignmentOut, "description": "They are many, and follow"}}


@router.get("/pool")
async def list_pool(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    store_id: UUID | None = None,
) -> Page[LeadOut]:
    """Open leads that are nobody's, of the stores that the caller may see; newest first.

    An advisor claims a lead, or is in touch with its person, before they see its number in full.
    """
    asked = LeadFilter(caller.dealer_id, caller.stores, store_id=store_id, in_pool=True)
    last = paging.after_one(UUID)
    leads = await lead_reads.page(
        session, asked, LeadSort.NEWEST, after=None if last is None else (last,), limit=paging.limit + 1
    )
    page = paging.page(leads, cursor=lambda lead: [lead.id])
    return page.showing(lambda lead: LeadOut.of(lead, sees_phones=sees_phone(caller, lead)))


@router.post("/leads/{lead_id}/claim", dependencies=[Signed])
async def claim(lead_id: UUID, caller: Claimer, session: Transaction) -> LeadOut:
    """Take a lead out of the pool.

    Of many who claim it at once one gets it. An advisor at capacity gets none, nor who neglected it not long ago.
    """
    command = ClaimLead(caller.dealer_id, lead_id, caller.user_id, caller.subject, stores=caller.stores)
    return LeadOut.of(await claim_lead(session, command, now=utc_now()), sees_phones=caller.sees_phones)


@router.post("/leads/{lead_id}/transfer", dependencies=[Signed])
async def transfer(lead_id: UUID, body: TransferIn, caller: Allocator, session: Transaction) -> LeadOut:
    """Give a lead to an advisor of its store's roster, or back to the pool."""
    command = TransferLead(
        caller.dealer_id, lead_id, body.advisor_id, body.reason, caller.subject, stores=caller.stores
    )
    return LeadOut.of(await transfer_lead(session, command, now=utc_now()), sees_phones=caller.sees_phones)


@router.get("/leads/{lead_id}/assignments", dependencies=[WithinReach])
async def list_assignments(
    lead_id: UUID, caller: Reader, session: Transaction, paging: Annotated[Paging, Depends(Paging)]
) -> Page[AssignmentOut]:
    """Whose the lead was since when, why, and who saw to that; newest first."""
    await lead_reads.find(session, caller.dealer_id, lead_id, stores=caller.stores)
    found = await assignments.page(
        session, caller.dealer_id, lead_id, before=paging.after_one(UUID), limit=paging.limit + 1
    )
    return paging.page(found, cursor=lambda assignment: [assignment.id]).showing(_shown)


@router.post("/leads/reassign", dependencies=[Signed], responses=_LATER)
async def reassign(
    body: ReassignIn, caller: Allocator, session: Transaction, response: Response, dry_run: DryRun = False
) -> ReassignmentOut:
    """Give many open leads to other advisors, such as when one leaves; each to one of its own store, or it stays.

    Up to 500 leads are moved at once (200). More are moved in batches (202); `GET /v1/reassignments/{reassignment_id}`
    shows how far that has come. With `dry_run` nothing is moved, and `matched` says how many would be.
    """
    asked, now = _reassignment(body, caller), utc_now()
    if dry_run:
        matched = await preview_reassignment(session, asked)
        return ReassignmentOut(reassignment_id=None, matched=matched, moved=0, finished_at=None)
    done = await reassign_leads(session, asked, now=now)
    if done.finished_at is None:
        response.status_code = HTTPStatus.ACCEPTED
    return _progress(done)


@router.get("/reassignments/{reassignment_id}")
async def show_reassignment(reassignment_id: UUID, caller: Allocator, session: Transaction) -> ReassignmentOut:
    """How far a reassignment has come."""
    return _progress(await reassignments.find(session, caller.dealer_id, reassignment_id, stores=caller.stores))


def _reassignment(body: ReassignIn, caller: Caller) -> Reassignment:
    return Reassignment(
        dealer_id=caller.dealer_id,
        id=uuid7(),
        stores=caller.stores,
        wanted=body.wanted,
        to_advisors=tuple(dict.fromkeys(body.to_advisor_ids)),
        note=body.reason,
        asked_by=caller.subject,
        asked_at=utc_now(),
    )


def _progress(reassignment: Reassignment) -> ReassignmentOut:
    return ReassignmentOut(
        reassignment_id=reassignment.id,
        matched=reassignment.matched,
        moved=reassignment.moved,
        finished_at=reassignment.finished_at,
    )


def _shown(assignment: Assignment) -> AssignmentOut:
    return AssignmentOut(
        assignment_id=assignment.id,
        advisor_id=assignment.advisor_id,
        from_advisor_id=assignment.from_advisor_id,
        reason=assignment.reason,
        note=assignment.note,
        assigned_by=assignment.assigned_by,
        assigned_at=assignment.assigned_at,
    )
