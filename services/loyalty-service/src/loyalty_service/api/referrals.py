"""Referrals: who brought whom, and what came of it."""

from typing import Annotated
from uuid import UUID

from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends

from loyalty_service.api.callers import Reader
from loyalty_service.api.referral_bodies import ReferralOut
from loyalty_service.db import evidence, referrals
from loyalty_service.db.referrals import ReferralFilter
from loyalty_service.domain.referrals import ReferralState, missing

router = Router(prefix="/v1/referrals", tags=["referrals"])


@router.get("")
async def list_referrals(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    state: ReferralState | None = None,
    referrer_id: UUID | None = None,
    lead_id: UUID | None = None,
) -> Page[ReferralOut]:
    """Referrals (老带新), newest first: their terms, where they are, why they are void or what they wait for.

    `created` by a lead with a code, `held` once the purchase qualified it, then `paid` to both
    sides; `voided` where it must not be paid.
    """
    asked = ReferralFilter(caller.dealer_id, state, referrer_id, lead_id)
    rows = await referrals.page(session, asked, below=paging.after_one(UUID), limit=paging.limit + 1)
    page = paging.page(rows, cursor=lambda referral: [referral.id])
    known = await evidence.of(session, [r for r in page.items if r.state is ReferralState.CREATED])
    waiting = {referral_id: missing(said) for referral_id, said in known.items()}
    return page.showing(lambda referral: ReferralOut.of(referral, waiting.get(referral.id, ())))
