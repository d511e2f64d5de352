"""Rosters: who works the leads of a store."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from baoke_chassis.etags import IfMatch, set_etag
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Response

from lead_service.api.callers import Allocator, Reader
from lead_service.api.schemas.assignment import AdvisorIn, AdvisorOut, NewAdvisorIn
from lead_service.commands.keep_roster import add_advisor, change_advisor, remove_advisor
from lead_service.db import advisors as db_advisors

router = Router(prefix="/v1/advisors", tags=["advisors and the pool"])


@router.post("", status_code=HTTPStatus.CREATED)
async def create_advisor(body: NewAdvisorIn, caller: Allocator, session: Transaction, response: Response) -> AdvisorOut:
    """Put an advisor on the roster of a store. One who is on it just like this stays so."""
    caller.require_store(body.store_id)
    standing, version = await add_advisor(session, body.advisor(caller.dealer_id, body.advisor_id))
    set_etag(response, version)
    return AdvisorOut.of(standing)


@router.get("")
async def list_advisors(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    store_id: UUID | None = None,
) -> Page[AdvisorOut]:
    """The advisors of the stores that the caller may see, each with their open leads."""
    found = await db_advisors.page(
        session,
        caller.dealer_id,
        stores=caller.stores,
        store_id=store_id,
        after=paging.after_one(UUID),
        limit=paging.limit + 1,
    )
    return paging.page(found, cursor=lambda standing: [standing.advisor.id]).showing(AdvisorOut.of)


@router.get("/{advisor_id}")
async def show_advisor(advisor_id: UUID, caller: Reader, session: Transaction, response: Response) -> AdvisorOut:
    """An advisor, and where they stand."""
    standing, version = await db_advisors.find(session, caller.dealer_id, advisor_id, stores=caller.stores)
    set_etag(response, version)
    return AdvisorOut.of(standing)


@router.put("/{advisor_id}")
async def replace_advisor(
    advisor_id: UUID, body: AdvisorIn, caller: Allocator, session: Transaction, response: Response, if_match: IfMatch
) -> AdvisorOut:
    """Change what the roster says of an advisor. Their open leads stay theirs, whatever changes."""
    caller.require_store(body.store_id)
    standing, version = await change_advisor(
        session, body.advisor(caller.dealer_id, advisor_id), stores=caller.stores, seen=if_match
    )
    set_etag(response, version)
    return AdvisorOut.of(standing)


@router.delete("/{advisor_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete_advisor(advisor_id: UUID, caller: Allocator, session: Transaction, if_match: IfMatch) -> None:
    """Take an advisor off the roster, once they have no open leads: `POST /v1/leads/reassign` gives those to others."""
    await remove_advisor(session, caller.dealer_id, advisor_id, stores=caller.stores, seen=if_match)
