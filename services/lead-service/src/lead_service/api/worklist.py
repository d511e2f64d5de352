"""What an advisor, or a store, has to do today."""

from typing import Annotated
from uuid import UUID

from baoke_chassis.access import Caller, Forbidden
from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query
from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.api.callers import Planner
from lead_service.api.callers import advisor_id as own_id
from lead_service.api.reach import limited_to, sees_phone, stores_of
from lead_service.api.schemas.worklist import WorkOut
from lead_service.db import scripts, worklist
from lead_service.db.worklist import WorklistFilter
from lead_service.domain.escalation import MOST_LEVELS
from lead_service.domain.next_work import Known, next_work
from lead_service.domain.policy import LeadPolicy

router = Router(prefix="/v1/worklist", tags=["working a lead"])

Whose = Annotated[UUID | None, Query(description="whose work; your own if you are an advisor and name neither")]
Where = Annotated[
    UUID | None, Query(description="the store whose work it is, everybody's and nobody's, if no advisor is named")
]
Level = Annotated[int, Query(ge=0, le=MOST_LEVELS, description="only what was escalated to this level, or further up")]


@router.get("")
async def show_worklist(
    caller: Planner,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    advisor_id: Whose = None,
    store_id: Where = None,
    min_level: Level = 0,
) -> Page[WorkOut]:
    """What is due today or overdue of an advisor's leads, or of a store's, by value × urgency, with what to say.

    Value is a product of weights of the policy: grade, stage, budget, and whether nobody has answered yet. Urgency
    doubles with every so many hours that it is overdue. A manager may ask for any advisor of their stores, or for a
    whole store: what lies in the pool there is among it.
    """
    now = utc_now()
    policy = await rules_of(session, caller.dealer_id, LeadPolicy)
    whose = await _whose(session, caller, advisor_id, store_id)
    asked = WorklistFilter(
        caller.dealer_id,
        policy.worklist_until(now),
        advisor_id=whose,
        whole_store_id=_whole_store(caller, store_id) if whose is None else None,
        stores=stores_of(caller, store_id),
        min_level=min_level,
    )
    leads = await worklist.page(session, asked, after=paging.after_instant_and_id(), limit=paging.limit + 1)
    library = await scripts.library(session, caller.dealer_id)
    reports = await worklist.last_reports(session, caller.dealer_id, leads)
    lost = await worklist.lost_before(session, caller.dealer_id, leads)
    page = paging.page(leads, cursor=lambda lead: [lead.ranked_at, lead.id])
    return page.showing(
        lambda lead: WorkOut.of(
            next_work(lead, library, Known(lost.get(lead.id), reports.get(lead.id)), policy.working, at=now),
            sees_phones=sees_phone(caller, lead),
        )
    )


async def _whose(session: AsyncSession, caller: Caller, asked: UUID | None, store_id: UUID | None) -> UUID | None:
    """The advisor whose work is meant; None is the whole store's."""
    own = await limited_to(session, caller)
    if own is not None and asked not in (None, own):
        raise Forbidden("an advisor's worklist is their own and their manager's")
    return asked or own or (None if store_id else own_id(caller))


def _whole_store(caller: Caller, asked: UUID | None) -> UUID:
    known = list(caller.stores or ())
    if asked is None and len(known) != 1:
        message = "name a store, or an advisor"
        raise RequestValidationError([{"type": "missing", "loc": ("query", "store_id"), "msg": message}])
    return asked or known[0]
