"""Who may do what here. Admins may do all of it."""

from typing import Annotated

from baoke_chassis.access import Caller, Role, admits

STAFF = (Role.MANAGER, Role.ADVISOR, Role.SERVICE_ADVISOR)

Reader = Annotated[Caller, admits(*STAFF, Role.AUDITOR, scope="loyalty:read")]
"""Looks at members, their points and vouchers; auditors without voucher codes."""

Writer = Annotated[Caller, admits(*STAFF, scope="loyalty:write")]
"""Spends a member's points for them and takes vouchers in."""


def sees_codes(caller: Caller) -> bool:
    """Whether voucher codes are shown: who knows one can use it, so an auditor does not see them."""
    return bool(caller.roles - {Role.AUDITOR})
