"""Who may do what with leads. Admins may do all of it."""

from typing import Annotated
from uuid import UUID

from baoke_chassis.access import Caller, Role, admits
from fastapi import Depends, Request

from lead_service.sealing import Seal

Worker = Annotated[Caller, admits(Role.ADVISOR, Role.MANAGER, scope="leads:write")]
"""Takes leads in and works them."""

Reader = Annotated[Caller, admits(Role.ADVISOR, Role.MANAGER, Role.MARKETING, Role.AUDITOR, scope="leads:read")]
"""Looks at leads; marketing and auditors without phone numbers."""

Planner = Annotated[Caller, admits(Role.ADVISOR, Role.MANAGER)]
"""Plans an advisor's day."""

Overseer = Annotated[Caller, admits(Role.ADVISOR, Role.MANAGER, Role.AUDITOR, scope="leads:read")]
"""Looks at how timely leads are worked; an advisor at their own figures."""

Librarian = Annotated[Caller, admits(Role.MANAGER, Role.MARKETING, for_all_stores=True)]
"""Writes the script library."""

Allocator = Annotated[Caller, admits(Role.MANAGER, scope="leads:write")]
"""Keeps rosters and demo cars, and gives leads to advisors."""

Claimer = Annotated[Caller, admits(Role.ADVISOR)]
"""Takes leads out of the pool."""

Exporter = Annotated[Caller, admits(Role.MANAGER, Role.MARKETING, Role.AUDITOR, scope="leads:read")]
"""Takes leads out of the system; marketing and auditors without phone numbers. An advisor who leaves takes no list."""

Inspector = Annotated[Caller, admits(Role.MANAGER, Role.AUDITOR, for_all_stores=True)]
"""Looks at what others did, in whichever store."""

Signaller = Annotated[Caller, admits(Role.MANAGER, Role.MARKETING, scope="leads:write", for_all_stores=True)]
"""Tells what changed on the market."""

Decider = Annotated[Caller, admits(Role.MANAGER)]
"""Decides whether a lead is given up."""

IntakeManager = Annotated[Caller, admits(Role.MANAGER, for_all_stores=True)]
"""Sets up the partners that send leads by webhook, and looks at what of it was rejected."""


async def _seal(request: Request) -> Seal:
    seal: Seal = request.app.state.intake_seal
    return seal


IntakeSeal = Annotated[Seal, Depends(_seal)]
"""Keeps and opens the secrets of webhook sources."""


def advisor_id(caller: Caller) -> UUID | None:
    """The caller, where they are an advisor: whose lead it becomes that nobody has yet."""
    return caller.user_id if Role.ADVISOR in caller.roles else None
