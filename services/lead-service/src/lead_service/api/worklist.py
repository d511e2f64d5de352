"""What an advisor has to do today."""

from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from baoke_chassis.access import Caller, Forbidden, Role
from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.policy import policy_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query
from fastapi.exceptions import RequestValidationError

from lead_service.api.callers import Planner
from lead_service.api.schemas.worklist import WorkOut
from lead_service.db import scripts, worklist
from lead_service.db.worklist import WorklistFilter
from lead_service.domain.next_work import Known, next_work
from lead_service.domain.policy import LeadPolicy

router = Router(prefix="/v1/worklist", tags=["working a lead"])

Whose = Annotated[UUID | None, Query(description="whose work; your own if left out, and an advisor's only")]


@router.get("")
async def show_worklist(
    caller: Planner,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    advisor_id: Whose = None,
) -> Page[WorkOut]:
    """What is due today or overdue of an advisor's leads, by value × urgency, with what to say beside it.

    Value is a product of weights of the policy: grade, stage, budget, and whether nobody has answered yet. Urgency
    doubles with every so many hours that it is overdue. A manager may ask for any advisor of their stores.
    """
    now = utc_now()
    policy = (await policy_of(session, {caller.dealer_id}, LeadPolicy))[caller.dealer_id]
    asked = WorklistFilter(caller.dealer_id, _whose(caller, advisor_id), _end_of_day(policy, now), caller.stores)
    leads = await worklist.page(session, asked, after=paging.after_instant_and_id(), limit=paging.limit + 1)
    library = await scripts.library(session, caller.dealer_id)
    reports = await worklist.last_reports(session, caller.dealer_id, leads)
    lost = await worklist.lost_before(session, caller.dealer_id, leads)
    page = paging.page(leads, cursor=lambda lead: [lead.ranked_at, lead.id])
    return page.showing(
        lambda lead: WorkOut.of(
            next_work(lead, library, Known(lost.get(lead.id), reports.get(lead.id)), policy.working, at=now),
            sees_phones=caller.sees_phones,
        )
    )


def _whose(caller: Caller, asked: UUID | None) -> UUID:
    if asked is None:
        if caller.user_id is None:
            message = "name an advisor, for you are none"
            raise RequestValidationError([{"type": "missing", "loc": ("query", "advisor_id"), "msg": message}])
        return caller.user_id
    if asked != caller.user_id and not caller.roles & {Role.MANAGER, Role.ADMIN}:
        raise Forbidden("an advisor's worklist is their own and their manager's")
    return asked


def _end_of_day(policy: LeadPolicy, now: datetime) -> datetime:
    """The first moment of tomorrow, at the dealer's."""
    return datetime.combine(policy.today(now) + timedelta(days=1), time(), policy.zone)
