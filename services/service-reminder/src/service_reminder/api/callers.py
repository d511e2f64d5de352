"""Who may do what here."""

from typing import Annotated

from baoke_chassis.access import Caller, Role, admits

_READERS = (Role.ADVISOR, Role.SERVICE_ADVISOR, Role.MANAGER, Role.AUDITOR)
_WRITERS = (Role.SERVICE_ADVISOR, Role.MANAGER)

Reader = Annotated[Caller, admits(*_READERS, scope="maintenance:read")]
Writer = Annotated[Caller, admits(*_WRITERS, scope="visits:write")]
Planner = Annotated[Caller, admits(*_WRITERS)]
"""Changes what everybody is reminded of; not for partners."""
