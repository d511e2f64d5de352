"""What market signals set off is looked at."""

from typing import Annotated
from uuid import UUID

from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends

from lead_service.api.callers import Reader
from lead_service.api.schemas.signals import ReactivationOut
from lead_service.db import reactivations
from lead_service.db.reactivations import ReactivationFilter
from lead_service.domain.reactivation import ReactivationState

router = Router(prefix="/v1/reactivations", tags=["re-activation"])


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
    rows = await reactivations.page(session, asked, before=paging.after_one(UUID), limit=paging.limit + 1)
    return paging.page(rows, cursor=lambda row: [row["id"]]).showing(ReactivationOut.of)
