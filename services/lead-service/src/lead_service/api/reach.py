"""How far an advisor's hands reach: to their own leads and the pool (公海), unless the policy says the whole store.

What lies in the pool is seen with its number masked, and claimed or contacted before anything else is done with it.
"""

from typing import Any
from uuid import UUID

from baoke_chassis.access import Caller, Role, authenticate
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Transaction
from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import lead_reads, reactivations
from lead_service.db.leads import ACTOR
from lead_service.domain.assignment import AdvisorsSee
from lead_service.domain.errors import LeadUnclaimed
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy

NOBODY = UUID(int=0)
"""Whose leads an advisor sees who has no id of their own: none, but for the pool."""

_SEES_THE_STORE = frozenset({Role.MANAGER, Role.ADMIN, Role.PARTNER})
_READS = frozenset({"GET", "HEAD"})


def is_only_advisor(caller: Caller) -> bool:
    """Whether the caller works leads, and has no post beside that."""
    return Role.ADVISOR in caller.roles and not caller.roles & _SEES_THE_STORE


def sees_phone(caller: Caller, lead: Lead) -> bool:
    """Whether the lead's number is shown in full: not to advisors while the lead is nobody's."""
    return caller.sees_phones and not (lead.advisor_id is None and is_only_advisor(caller))


async def limited_to(session: AsyncSession, caller: Caller) -> UUID | None:
    """Whose leads, beside the pool, the caller may see; None is everybody's."""
    if not is_only_advisor(caller):
        return None
    policy = await rules_of(session, caller.dealer_id, LeadPolicy)
    return None if policy.assignment.advisors_see is AdvisorsSee.STORE else caller.user_id or NOBODY


def stores_of(caller: Caller, asked: UUID | None) -> list[UUID] | None:
    """The store that is asked for, else the caller's; None is all.

    Raises:
        Forbidden: the token is limited to other stores.
    """
    if asked is not None:
        caller.require_store(asked)
        return [asked]
    return None if caller.stores is None else list(caller.stores)


async def signed(request: Request, session: Transaction) -> Caller:
    """The caller, in whose name leads change in this request's transaction."""
    caller = await authenticate(request)
    session.info[ACTOR] = caller.subject
    return caller


async def require_within_reach(lead_id: UUID, request: Request, session: Transaction) -> None:
    """Let those pass who may see the lead, or change it, if that is asked; for others it is not there.

    What they do to it is theirs on record. A lead that is to be changed stays locked until the commit, so that it is
    still theirs when the command comes to it.

    Raises:
        LeadNotFound: the caller is an advisor, and the lead neither theirs nor in the pool.
        LeadUnclaimed: the advisor would change a lead that lies in the pool.
    """
    if not await _is_own(lead_id, request, session) and request.method not in _READS:
        raise LeadUnclaimed(lead_id)


async def require_own_or_free(lead_id: UUID, request: Request, session: Transaction) -> None:
    """As `require_within_reach`, but that a lead of the pool may be changed: what is done makes it the caller's."""
    await _is_own(lead_id, request, session)


async def require_approach_within_reach(reactivation_id: UUID, request: Request, session: Transaction) -> None:
    """As `require_within_reach`, for the lost lead that was approached.

    Raises:
        ReactivationNotFound: the dealer has none like that.
    """
    caller = await signed(request, session)
    if await limited_to(session, caller) is not None:
        lead_id = await reactivations.lead_of(session, caller.dealer_id, reactivation_id)
        await require_within_reach(lead_id, request, session)


async def _is_own(lead_id: UUID, request: Request, session: AsyncSession) -> bool:
    """Whether the lead is the caller's to work as it is: one of the pool is no advisor's yet."""
    caller = await signed(request, session)
    advisor_id = await limited_to(session, caller)
    return advisor_id is None or await lead_reads.is_own(
        session, caller.dealer_id, lead_id, advisor_id, lock=request.method not in _READS
    )


Signed: Any = Depends(signed)
"""The dependency of routes that change leads, but name none in their path."""

WithinReach: Any = Depends(require_within_reach)
"""The dependency of every route of one lead."""

OwnOrFree: Any = Depends(require_own_or_free)
"""The dependency of routes that a lead of the pool is taken on by."""

ApproachWithinReach: Any = Depends(require_approach_within_reach)
"""The dependency of every route of one re-activation."""
