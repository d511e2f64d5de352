"""Leads are worked: followed up, moved along, and won."""

from http import HTTPStatus
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.routing import Router, Transaction

from lead_service.api.callers import Worker, advisor_id
from lead_service.api.reach import OwnOrFree, WithinReach, sees_phone
from lead_service.api.schemas.leads import FollowUpOut, LeadOut
from lead_service.api.schemas.working import CancelWinIn, FollowedUpOut, FollowUpIn, StageIn, WinIn, WonOut
from lead_service.commands.cancel_win import CancelWin, cancel_win
from lead_service.commands.follow_up_lead import FollowUpLead, follow_up_lead
from lead_service.commands.move_lead import MoveLead, move_lead
from lead_service.commands.win_lead import WinLead, win_lead
from lead_service.domain import vin

router = Router(prefix="/v1/leads/{lead_id}", tags=["working a lead"])


@router.post("/contacts", status_code=HTTPStatus.CREATED, dependencies=[OwnOrFree])
async def record_contact(lead_id: UUID, body: FollowUpIn, caller: Worker, session: Transaction) -> FollowedUpOut:
    """Record a contact that was just made, or tried.

    The next one is due by the grade's clock (H and A 1 day, B 3, C 7), or at `next_contact_at`: no later than the
    policy lets a lead of the grade wait, and with a note that says why where it is later than the clock. The
    first time the person is reached takes a new lead to `contacted`; a lead of the pool becomes the caller's,
    where they are an advisor who may claim it.
    """
    command = FollowUpLead(
        caller.dealer_id, lead_id, **body.model_dump(), advisor_id=advisor_id(caller), stores=caller.stores
    )
    lead, follow_up = await follow_up_lead(session, command, now=utc_now())
    return FollowedUpOut(
        contact=FollowUpOut.model_validate(follow_up), lead=LeadOut.of(lead, sees_phones=sees_phone(caller, lead))
    )


@router.post("/stage", dependencies=[WithinReach])
async def change_stage(lead_id: UUID, body: StageIn, caller: Worker, session: Transaction) -> LeadOut:
    """Move a lead ahead, over any stages between, or back to `contacted`.

    `won` and `defeated` are reached by their own routes. Moving to where the lead is changes nothing.
    """
    command = MoveLead(caller.dealer_id, lead_id, body.stage, stores=caller.stores)
    return LeadOut.of(await move_lead(session, command, now=utc_now()), sees_phones=caller.sees_phones)


@router.post("/win", dependencies=[WithinReach])
async def win(lead_id: UUID, body: WinIn, caller: Worker, session: Transaction) -> WonOut:
    """Record the sale. A VIN of China or North America with a wrong check digit is refused, others are warned of."""
    command = WinLead(caller.dealer_id, lead_id, body.sale(), body.referral_code, stores=caller.stores)
    lead = await win_lead(session, command, now=utc_now())
    return WonOut(**dict(LeadOut.of(lead, sees_phones=caller.sees_phones)), warnings=_warnings(body.vin))


@router.post("/win/cancel", dependencies=[WithinReach])
async def cancel_sale(lead_id: UUID, body: CancelWinIn, caller: Worker, session: Transaction) -> LeadOut:
    """Undo the sale: the lead is open again at its stage before.

    It can be undone for the policy's `sales.cancel_within_hours` (24) after it was recorded, and not while the person
    has another open lead. What followed from it (the vehicle's registration, reminders, points and rewards) is taken
    back by the other services.
    """
    command = CancelWin(caller.dealer_id, lead_id, body.reason, body.note, caller.subject, stores=caller.stores)
    return LeadOut.of(await cancel_win(session, command, now=utc_now()), sees_phones=caller.sees_phones)


def _warnings(number: str) -> list[str]:
    return [] if vin.has_check_digit(number) else [f"{number} has no valid check digit; its maker may not use one"]
