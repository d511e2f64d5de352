"""What market signals set off is looked at."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from baoke_chassis.access import Forbidden
from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query

from lead_service.api.callers import Reader, Worker
from lead_service.api.reach import ApproachWithinReach, is_only_advisor, limited_to
from lead_service.api.schemas.fields import Day
from lead_service.api.schemas.reactivations import ActivationOut, EndedOut, ReactivationOut
from lead_service.commands.decline_reactivation import DeclineReactivation, decline_reactivation
from lead_service.db import reactivation_figures, reactivations
from lead_service.db.reactivation_figures import FiguresFilter
from lead_service.db.reactivations import ReactivationFilter
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import ReactivationState
from lead_service.domain.rules import Strategy

router = Router(prefix="/v1/reactivations", tags=["re-activation"])

DAYS = 90
"""Figures go back so far behind what is still open."""

FirstDay = Annotated[Day | None, Query(alias="from", description="approached on this day or later")]
LastDay = Annotated[Day | None, Query(alias="to", description="approached on this day or earlier")]


@router.get("")
async def list_reactivations(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    lead_id: UUID | None = None,
    signal_id: UUID | None = None,
    state: ReactivationState | None = None,
) -> Page[ReactivationOut]:
    """Approaches to lost leads, newest first, each with its priority, why it has that, and what became of it.

    An advisor's are of their own leads, and who is held out is not among them: nobody who may phone people is told.
    """
    seen_by = await limited_to(session, caller)
    if is_only_advisor(caller):
        if state is ReactivationState.HELD_OUT:
            raise Forbidden("who is held out is not told to advisors")
        state = ReactivationState.ACTIVATED
    asked = ReactivationFilter(caller.dealer_id, caller.stores, lead_id, signal_id, state, seen_by)
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

    Days are the dealer's; without `from`, and of no one signal, they begin 90 days before the approaches that are
    still open. An approach counts as won where its person came back in time (policy: `reactivation.opportunity_days`)
    and bought, by whatever they heard of last. The difference is that of approaches whose time is over; it comes with
    a 95 % confidence interval and a verdict that is honest about small numbers.
    """
    now = utc_now()
    policy = await rules_of(session, caller.dealer_id, LeadPolicy)

    if first_day is None and signal_id is None:
        first_day = policy.today(now) - timedelta(days=DAYS) - policy.reactivation.opportunity

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
    return ActivationOut.of(await reactivation_figures.tallies(session, asked, now=now))


@router.post("/{reactivation_id}/decline", dependencies=[ApproachWithinReach])
async def decline(reactivation_id: UUID, caller: Worker, session: Transaction) -> EndedOut:
    """The person who was approached says no: the opportunity has ended, and they are left alone.

    The clock greets them no more, and no signal speaks to them for as long as `reactivation.left_alone_days` says.
    Who comes back nevertheless, in time, counts.
    """
    command = DeclineReactivation(caller.dealer_id, reactivation_id, stores=caller.stores)
    return EndedOut.of(await decline_reactivation(session, command, now=utc_now()))
