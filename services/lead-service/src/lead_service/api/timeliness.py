"""How timely leads are answered and followed up (跟进及时率)."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from baoke_chassis.access import Caller, Forbidden
from baoke_chassis.clock import utc_now
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Query
from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.api.callers import Overseer
from lead_service.api.reach import limited_to, stores_of
from lead_service.api.schemas.fields import Day
from lead_service.api.schemas.timeliness import TimelinessOut
from lead_service.db import timeliness
from lead_service.db.timeliness import GroupBy, TimelinessFilter
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel

router = Router(prefix="/v1/timeliness", tags=["working a lead"])

LONGEST_DAYS = 366

From = Annotated[Day, Query(alias="from", description="the first day, at the dealer's", examples=["2026-01-01"])]
To = Annotated[
    Day,
    Query(
        alias="to", description="the last day, at the dealer's; up to a year after the first", examples=["2026-01-31"]
    ),
]
By = Annotated[GroupBy, Query(description="what the figures are told apart by")]


@router.get("")
async def show_timeliness(
    caller: Overseer,
    session: Transaction,
    from_: From,
    to: To,
    by: By = GroupBy.STORE,
    store_id: UUID | None = None,
    advisor_id: UUID | None = None,
    channel: Channel | None = None,
) -> TimelinessOut:
    """First answers and contacts that were in time, beside the target, and how long answers took in working time.

    A lead counts on the day it was captured, once its answer has come or is overdue; a contact on the day it was due,
    once it was made or missed. An advisor sees their own figures only, unless the policy shows them the store.
    """
    _require_span(from_, to)
    policy = await rules_of(session, caller.dealer_id, LeadPolicy)
    asked = TimelinessFilter(
        caller.dealer_id,
        datetime.combine(from_, time(), policy.zone),
        datetime.combine(to + timedelta(days=1), time(), policy.zone),
        stores_of(caller, store_id),
        await _whose(session, caller, advisor_id),
        channel,
    )
    figures = await timeliness.figures(session, asked, by, now=utc_now())
    return TimelinessOut.of(figures, by, (from_, to), target_percent=policy.working.timeliness_target_percent)


def _require_span(from_: date, to: date) -> None:
    if not timedelta(0) <= to - from_ < timedelta(days=LONGEST_DAYS):
        message = f"to is no earlier than from, and less than {LONGEST_DAYS} days later"
        raise RequestValidationError([{"type": "value_error", "loc": ("query", "to"), "msg": message}])


async def _whose(session: AsyncSession, caller: Caller, asked: UUID | None) -> UUID | None:
    own = await limited_to(session, caller)
    if own is not None and asked not in (None, own):
        raise Forbidden("an advisor sees their own figures")
    return asked or own
