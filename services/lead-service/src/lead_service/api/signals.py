"""The market changes."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.access import Caller
from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Paging
from baoke_chassis.routing import Router, Transaction
from baoke_events.consuming import Origin
from baoke_events.ids import uuid7
from fastapi import Depends, Query, Response

from lead_service.api.callers import Signaller
from lead_service.api.schemas.signals import PreviewOut, SignalIn, SignalOut
from lead_service.commands.receive_signal import preview_signal, receive_signal
from lead_service.domain.signal import MarketSignal

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
    preview = await preview_signal(session, signal, after=paging.after_one(UUID), limit=paging.limit + 1, now=now)
    page = paging.page(preview.reactivations, cursor=lambda reactivation: [reactivation.lead_id])
    return PreviewOut.of(preview.matched, page.items, page.next_cursor)


def _signal(body: SignalIn, caller: Caller, now: datetime) -> MarketSignal:
    return MarketSignal(id=uuid7(), dealer_id=caller.dealer_id, received_at=now, **body.model_dump())
