"""The market changes."""

from collections.abc import Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.access import Caller
from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from baoke_events.consuming import Origin
from baoke_events.ids import uuid7
from fastapi import Depends, Query, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.api.callers import Reader, Signaller
from lead_service.api.schemas.signals import (
    MarketSignalDetailOut,
    MarketSignalOut,
    OutcomesOut,
    PreviewOut,
    SignalIn,
    SignalOut,
)
from lead_service.commands.receive_signal import preview_signal, receive_signal
from lead_service.commands.withdraw_signal import WithdrawSignal, withdraw_signal
from lead_service.db import reactivation_figures
from lead_service.db import signals as db_signals
from lead_service.db.candidates import Place
from lead_service.db.reactivation_figures import FiguresFilter
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import ReactivationState, Segment
from lead_service.domain.signal import MarketSignal, SignalKind, field_errors

router = Router(prefix="/v1/market-signals", tags=["re-activation"])

_DRY_RUN: dict[int | str, dict[str, Any]] = {200: {"model": PreviewOut, "description": "A dry run's answer"}}

DryRun = Annotated[bool, Query(description="tell whom the signal would touch, and write nothing")]


@router.post("", status_code=HTTPStatus.ACCEPTED, response_model=SignalOut | PreviewOut, responses=_DRY_RUN)
async def signal_market(
    body: SignalIn,
    caller: Signaller,
    session: Transaction,
    response: Response,
    paging: Annotated[Paging, Depends(Paging)],
    dry_run: DryRun = False,
) -> SignalOut | PreviewOut:
    """Tell of a price cut, an offer, a stock arrival, a launch or a competitor's change.

    It is matched against the leads that were lost for what it answers, each of which is approached
    again or held out. The same signal sent twice changes nothing and has the same `signal_id`. With
    `dry_run` the answer (200) names whom it would touch, page by page, and nothing is written.
    """
    now = utc_now()
    signal = _signal(body, caller, now)
    if not dry_run:
        return SignalOut(signal_id=await receive_signal(session, signal, origin=Origin.now(), now=now))
    response.status_code = HTTPStatus.OK
    preview = await preview_signal(session, signal, after=paging.after_as(_place), limit=paging.limit + 1, now=now)
    page = paging.page(preview.reactivations, cursor=lambda found: _cursor(found[0]))
    return PreviewOut.of(preview.matched, [reactivation for _, reactivation in page.items], page.next_cursor)


@router.get("")
async def list_signals(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    kind: SignalKind | None = None,
) -> Page[MarketSignalOut]:
    """Market signals, newest first, each with how far it has been matched."""
    known = await db_signals.page(
        session, caller.dealer_id, kind, before=paging.after_one(UUID), limit=paging.limit + 1
    )
    today = await _today(session, caller)
    page = paging.page(known, cursor=lambda each: [each.signal.id])
    return page.showing(lambda each: MarketSignalOut.of(each, today=today))


@router.get("/{signal_id}")
async def show_signal(signal_id: UUID, caller: Reader, session: Transaction) -> MarketSignalDetailOut:
    """A signal, how far it has been matched, and what became of those it was for, in the stores that one may see."""
    known = await db_signals.find(session, caller.dealer_id, signal_id)
    asked = FiguresFilter(caller.dealer_id, caller.stores, signal_id=signal_id)
    groups = await reactivation_figures.outcomes(session, asked)
    shown = MarketSignalOut.of(known, today=await _today(session, caller))
    return MarketSignalDetailOut(
        **dict(shown),
        activated_outcomes=OutcomesOut.of(groups[ReactivationState.ACTIVATED]),
        held_out_outcomes=OutcomesOut.of(groups[ReactivationState.HELD_OUT]),
    )


@router.post("/{signal_id}/withdraw")
async def withdraw(signal_id: UUID, caller: Signaller, session: Transaction) -> MarketSignalOut:
    """Take a signal back: nobody is approached with it any more, and what is still to be said to who was, is not said.

    What is open of it ends within seconds, in batches.

    The same said again later is another signal.
    """
    now = utc_now()
    known = await withdraw_signal(session, WithdrawSignal(caller.dealer_id, signal_id), now=now)
    return MarketSignalOut.of(known, today=await _today(session, caller))


def _signal(body: SignalIn, caller: Caller, now: datetime) -> MarketSignal:
    wrong = field_errors(
        body.kind,
        price_from_cents=body.price_from_cents,
        price_to_cents=body.price_to_cents,
        competitor=body.competitor,
        valid_until=body.valid_until,
    )
    if wrong:
        raise RequestValidationError(
            [{"type": "value_error", "loc": ("body", name), "msg": message} for name, message in wrong.items()]
        )
    return MarketSignal(id=uuid7(), dealer_id=caller.dealer_id, received_at=now, **body.model_dump())


async def _today(session: AsyncSession, caller: Caller) -> date:
    policy = await rules_of(session, caller.dealer_id, LeadPolicy)
    return policy.today(utc_now())


def _place(values: Sequence[str]) -> Place:
    model_key, reason, lead_id = values
    return Place(Segment(model_key, DefeatReason(reason)), UUID(lead_id))


def _cursor(place: Place) -> list[Any]:
    return [place.segment.model_key, place.segment.reason.value, place.lead_id]
