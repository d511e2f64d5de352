"""What market signals set off is looked at."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.policy import policy_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query

from lead_service.api.callers import Reader, Worker
from lead_service.api.schemas.reactivations import ActivationOut, EndedOut, ReactivationOut
from lead_service.commands.decline_reactivation import DeclineReactivation, decline_reactivation
from lead_service.db import reactivation_figures, reactivations
from lead_service.db.reactivation_figures import FiguresFilter
from lead_service.db.reactivations import ReactivationFilter
from lead_service.domain.activation import compare
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import ReactivationState
from lead_service.domain.rules import Strategy

router = Router(prefix="/v1/reactivations", tags=["re-activation"])

EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)

FirstDay = Annotated[
    date | None, Query(alias="from", ge=EARLIEST, le=LATEST, description="approached on this day or later")
]
LastDay = Annotated[
    date | None, Query(alias="to", ge=EARLIEST, le=LATEST, description="approached on this day or earlier")
]


@router.get("")
async def list_reactivations(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    lead_id: UUID | None = None,
    signal_id: UUID | None = None,
    state: ReactivationState | None = None,
) -> Page[ReactivationOut]:
    """Approaches to lost leads, newest first, each with its priority, why it has that, and what became of it."""
    asked = ReactivationFilter(caller.dealer_id, caller.stores, lead_id, signal_id, state)
    found = await reactivations.page(
        session, asked, before=paging.after_one(UUID), limit=paging.limit + 1, now=utc_now()
    )
    return paging.page(found, cursor=lambda each: [each.opportunity.id]).showing(ReactivationOut.of)


@router.get("/figures")
async def show_figures(
    caller: Reader,
    session: Transaction,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    store_id: UUID | None = None,
    strategy: Strategy | None = None,
    reason: DefeatReason | None = None,
    signal_id: UUID | None = None,
) -> ActivationOut:
    """The activation rate (战败激活率) of the leads approached, beside that of the leads held out.

    Days are the dealer's. An approach counts as won where its person came back in time (policy:
    `reactivation.opportunity_days`) and bought, by whatever they heard of last. The difference comes
    with a 95 % confidence interval (Newcombe 1998) and a verdict that is honest about small numbers.
    """
    policy = (await policy_of(session, [caller.dealer_id], LeadPolicy))[caller.dealer_id]

    def midnight(day: date | None, *, plus_days: int = 0) -> datetime | None:
        return None if day is None else datetime.combine(day + timedelta(days=plus_days), time(), policy.zone)

    asked = FiguresFilter(
        caller.dealer_id,
        caller.stores,
        since=midnight(first_day),
        until=midnight(last_day, plus_days=1),
        store_id=store_id,
        strategy=strategy,
        reason=reason,
        signal_id=signal_id,
    )
    groups = await reactivation_figures.count(session, asked)
    comparison = compare(groups[ReactivationState.ACTIVATED], groups[ReactivationState.HELD_OUT])
    return ActivationOut.of(groups, comparison)


@router.post("/{reactivation_id}/decline")
async def decline(reactivation_id: UUID, caller: Worker, session: Transaction) -> EndedOut:
    """The person who was approached says no: the opportunity has ended, and they are greeted no more by the clock.

    Who comes back nevertheless, in time, counts.
    """
    command = DeclineReactivation(caller.dealer_id, reactivation_id, stores=caller.stores)
    return EndedOut.of(await decline_reactivation(session, command, now=utc_now()))
