"""Leads are given up, at once or by a manager's word, and worked again when their person calls back."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.access import Caller, Role
from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends
from fastapi.responses import JSONResponse

from lead_service.api.callers import Decider, Reader, Worker
from lead_service.api.reach import WithinReach, limited_to
from lead_service.api.schemas.defeats import ApprovalIn, DefeatIn, DefeatRequestOut, RejectionIn, ReopeningIn
from lead_service.api.schemas.endings import DefeatOut
from lead_service.api.schemas.leads import LeadOut
from lead_service.commands.decide_defeat import DecideDefeat, approve_defeat, reject_defeat
from lead_service.commands.defeat_lead import DefeatLead, defeat_lead
from lead_service.commands.reopen_lead import ReopenLead, reopen_lead
from lead_service.db import defeat_requests
from lead_service.db.defeat_requests import RequestFilter
from lead_service.domain.defeat import DefeatRequest, RequestState

router = Router(tags=["defeat"])

_PENDING: dict[int | str, dict[str, Any]] = {
    202: {"model": DefeatRequestOut, "description": "A manager decides on it; the lead stays open meanwhile"}
}


@router.post(
    "/v1/leads/{lead_id}/defeat",
    response_model=DefeatOut | DefeatRequestOut,
    responses=_PENDING,
    dependencies=[WithinReach],
)
async def defeat(lead_id: UUID, body: DefeatIn, caller: Worker, session: Transaction) -> DefeatOut | JSONResponse:
    """Give a lead up (战败). A market signal that answers the reason approaches it again.

    Where the dealer's rules (`defeats`) want a manager's word and the caller is none, the answer is 202: the lead
    stays open until a manager approves.
    """
    command = DefeatLead(
        caller.dealer_id,
        lead_id,
        **body.model_dump(),
        by=caller.subject,
        by_manager=_decides(caller),
        stores=caller.stores,
    )
    answer = await defeat_lead(session, command, now=utc_now())
    if isinstance(answer, DefeatRequest):
        return JSONResponse(DefeatRequestOut.of(answer).model_dump(mode="json"), HTTPStatus.ACCEPTED)
    return DefeatOut.model_validate(answer)


@router.post("/v1/leads/{lead_id}/defeat/approve", dependencies=[WithinReach])
async def approve(lead_id: UUID, body: ApprovalIn, caller: Decider, session: Transaction) -> DefeatOut:
    """Agree that the lead be given up; it is closed as it stands now."""
    command = DecideDefeat(caller.dealer_id, lead_id, caller.subject, body.note, stores=caller.stores)
    return DefeatOut.model_validate(await approve_defeat(session, command, now=utc_now()))


@router.post("/v1/leads/{lead_id}/defeat/reject", dependencies=[WithinReach])
async def reject(lead_id: UUID, body: RejectionIn, caller: Decider, session: Transaction) -> DefeatRequestOut:
    """Have the lead worked on, and say why."""
    command = DecideDefeat(caller.dealer_id, lead_id, caller.subject, body.note, stores=caller.stores)
    return DefeatRequestOut.of(await reject_defeat(session, command, now=utc_now()))


@router.post("/v1/leads/{lead_id}/reopen", dependencies=[WithinReach])
async def reopen(lead_id: UUID, body: ReopeningIn, caller: Worker, session: Transaction) -> LeadOut:
    """Work a lost lead again, because its person called back.

    It is at `contacted`, with the next contact due by its grade. An approach that the person answers with the call
    counts as a re-engagement. Somebody who has another lead open is worked there.
    """
    command = ReopenLead(caller.dealer_id, lead_id, caller.subject, body.note, stores=caller.stores)
    return LeadOut.of(await reopen_lead(session, command, now=utc_now()), sees_phones=caller.sees_phones)


@router.get("/v1/defeat-requests")
async def list_requests(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    state: RequestState | None = None,
    lead_id: UUID | None = None,
    store_id: UUID | None = None,
) -> Page[DefeatRequestOut]:
    """Leads that somebody wants to give up, newest first; `state=pending` are those that wait for a manager.

    An advisor's are of their own leads and of the pool's.
    """
    seen_by = await limited_to(session, caller)
    asked = RequestFilter(caller.dealer_id, caller.stores, state, lead_id, store_id, seen_by)
    found = await defeat_requests.page(session, asked, before=paging.after_one(UUID), limit=paging.limit + 1)
    return paging.page(found, cursor=lambda request: [request.id]).showing(DefeatRequestOut.of)


def _decides(caller: Caller) -> bool:
    """Whether the caller's own defeats need nobody else's word."""
    return bool(caller.roles & {Role.MANAGER, Role.ADMIN})
