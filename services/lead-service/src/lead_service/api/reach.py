"""How far an advisor's hands reach: to their own leads and the pool (公海), unless the policy says the whole store."""

from typing import Any
from uuid import UUID

from baoke_chassis.access import Caller, Role, authenticate
from baoke_chassis.policy import policy_of
from baoke_chassis.routing import Transaction
from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import lead_reads
from lead_service.db.leads import ACTOR
from lead_service.domain.assignment import AdvisorsSee
from lead_service.domain.errors import LeadNotFound
from lead_service.domain.policy import LeadPolicy

NOBODY = UUID(int=0)
"""Whose leads an advisor sees who has no id of their own: none, but for the pool."""

_SEES_THE_STORE = frozenset({Role.MANAGER, Role.ADMIN, Role.PARTNER})


async def limited_to(session: AsyncSession, caller: Caller) -> UUID | None:
    """Whose leads, beside the pool, the caller may see; None is everybody's."""
    if Role.ADVISOR not in caller.roles or caller.roles & _SEES_THE_STORE:
        return None
    policy = (await policy_of(session, {caller.dealer_id}, LeadPolicy))[caller.dealer_id]
    return None if policy.assignment.advisors_see is AdvisorsSee.STORE else caller.user_id or NOBODY


async def signed(request: Request, session: Transaction) -> Caller:
    """The caller, in whose name leads change in this request's transaction."""
    caller = await authenticate(request)
    session.info[ACTOR] = caller.subject
    return caller


async def require_within_reach(lead_id: UUID, request: Request, session: Transaction) -> None:
    """Let those pass who may see the lead; for others it is not there. What they do to it is theirs on record.

    Raises:
        LeadNotFound: the caller is an advisor, and the lead neither theirs nor in the pool.
    """
    caller = await signed(request, session)
    advisor_id = await limited_to(session, caller)
    if advisor_id is not None and not await lead_reads.is_owned_or_free(session, caller.dealer_id, lead_id, advisor_id):
        raise LeadNotFound(lead_id)


Signed: Any = Depends(signed)
"""The dependency of routes that change leads, but name none in their path."""

WithinReach: Any = Depends(require_within_reach)
"""The dependency of every route of one lead."""
