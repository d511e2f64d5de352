"""Complaints: take one down, call back, settle it."""

from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from baoke_chassis.access import Caller
from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.api.callers import Reader, Writer, stores_of
from customer_service.api.complaint_bodies import CallbackIn, ComplaintIn, ComplaintOut, ResolutionIn
from customer_service.commands.answer_complaints import call_back, resolve_complaint
from customer_service.commands.open_complaint import open_complaint
from customer_service.db import complaints as db_complaints
from customer_service.db import customer_views
from customer_service.domain.complaints import Complaint
from customer_service.domain.errors import ComplaintNotFound, CustomerNotFound

router = Router(prefix="/v1/complaints", tags=["complaints"])


@router.post("", status_code=HTTPStatus.CREATED, response_model=ComplaintOut)
async def post_complaint(body: ComplaintIn, caller: Writer, session: Transaction) -> Complaint:
    """Take down a complaint. It is acknowledged at once, and a callback is owed within 24 hours (target 4).

    Nobody calls back or settles it: it is taken up to level 1 after 4 hours, 2 after 24, 3 after 72.
    """
    if body.store_id:
        caller.require_store(body.store_id)
    stores = stores_of(caller)
    if await customer_views.find(session, caller.dealer_id, body.customer_id, stores=stores) is None:
        raise CustomerNotFound(body.customer_id)
    return await open_complaint(
        session,
        (caller.dealer_id, body.customer_id),
        store_id=body.store_id,
        vehicle_id=body.vehicle_id,
        topic=body.topic,
        description=body.description,
        now=utc_now(),
    )


@router.get("", response_model=Page[ComplaintOut])
async def get_complaints(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends()],
    customer_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[Literal["open", "resolved"] | None, Query()] = None,
) -> Page[ComplaintOut]:
    """List complaints, newest first."""
    found = await db_complaints.newest(
        session,
        caller.dealer_id,
        customer_id=customer_id,
        resolved=None if state is None else state == "resolved",
        stores=stores_of(caller),
        limit=paging.limit + 1,
        before=paging.after_instant_and_id(),
    )
    shown = [ComplaintOut.model_validate(complaint) for complaint in found]
    return paging.page(shown, cursor=lambda complaint: (complaint.opened_at, complaint.complaint_id))


@router.get("/{complaint_id}", response_model=ComplaintOut)
async def get_complaint(complaint_id: UUID, caller: Reader, session: Transaction) -> Complaint:
    """See a complaint and how far it got."""
    return await _visible(session, caller, complaint_id)


@router.post("/{complaint_id}/callback", response_model=ComplaintOut)
async def post_callback(complaint_id: UUID, body: CallbackIn, caller: Writer, session: Transaction) -> Complaint:
    """Note that the customer was called back. The first call is the one that counts for the time it took."""
    await _visible(session, caller, complaint_id)
    return await call_back(session, caller.dealer_id, complaint_id, note=body.note, now=utc_now())


@router.post("/{complaint_id}/resolve", response_model=ComplaintOut)
async def post_resolution(complaint_id: UUID, body: ResolutionIn, caller: Writer, session: Transaction) -> Complaint:
    """Settle the complaint. A churn warning that stood on it is taken back."""
    await _visible(session, caller, complaint_id)
    return await resolve_complaint(session, caller.dealer_id, complaint_id, resolution=body.resolution, now=utc_now())


async def _visible(session: AsyncSession, caller: Caller, complaint_id: UUID) -> Complaint:
    """Return a complaint of the caller's stores.

    Raises:
        ComplaintNotFound: there is none.
    """
    found = await db_complaints.find(session, caller.dealer_id, complaint_id, stores=stores_of(caller))
    if found is None:
        raise ComplaintNotFound(complaint_id)
    return found
