"""A lead goes back to a partner as ADF 1.0."""

from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.access import Caller, Role, admits
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Response

from lead_service.adf import Adf, write
from lead_service.api.adf_prospects import prospect_of
from lead_service.api.reach import WithinReach, sees_phone
from lead_service.db import lead_reads
from lead_service.domain.errors import LeadUnclaimed
from lead_service.domain.policy import LeadPolicy

router = Router(prefix="/v1/leads", tags=["leads"])

_ADF: dict[int | str, dict[str, Any]] = {
    200: {"description": "ADF 1.0", "content": {"application/xml": {"schema": {"type": "string"}}}}
}

PhoneReader = Annotated[Caller, admits(Role.ADVISOR, Role.MANAGER, scope="leads:read")]
"""Looks at leads with their phone numbers."""


@router.get("/{lead_id}/adf", response_class=Response, responses=_ADF, dependencies=[WithinReach])
async def show_lead_as_adf(lead_id: UUID, caller: PhoneReader, session: Transaction) -> Response:
    """A lead as an ADF 1.0 document with one prospect, for partners whose systems read that.

    Its first id is the one that the lead came with, and the vendor goes by the policy's code for the store. A lead of
    the pool is claimed by an advisor first.
    """
    lead = await lead_reads.find(session, caller.dealer_id, lead_id, stores=caller.stores)
    if not sees_phone(caller, lead):
        raise LeadUnclaimed(lead_id)
    policy = await rules_of(session, caller.dealer_id, LeadPolicy)
    return Response(write(Adf([prospect_of(lead, policy)])), media_type="application/xml")
