"""Who may do what here."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from baoke_chassis.access import Caller, Role, admits

STAFF = (Role.MANAGER, Role.ADVISOR, Role.SERVICE_ADVISOR)

Writer = Annotated[Caller, admits(*STAFF, scope="customers:write")]
Reader = Annotated[Caller, admits(*STAFF, Role.MARKETING, Role.AUDITOR, scope="customers:read")]
Reporter = Annotated[Caller, admits(*STAFF, scope="telematics:write")]
"""Who reports odometer readings."""


def stores_of(caller: Caller) -> Sequence[UUID] | None:
    """Return the stores whose customers the caller sees; None is all."""
    return None if caller.stores is None else sorted(caller.stores)
