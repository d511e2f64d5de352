"""Who may do what here."""

from typing import Annotated

from baoke_chassis.access import Caller, Role, admits
from fastapi import Depends, Request

from notification_service.domain.unsubscribe_links import UnsubscribeLinks

Reader = Annotated[
    Caller,
    admits(Role.MANAGER, Role.MARKETING, Role.ADVISOR, Role.SERVICE_ADVISOR, Role.AUDITOR, scope="messages:read"),
]
Sender = Annotated[Caller, admits(Role.MANAGER, Role.MARKETING, scope="messages:write")]


async def _links(request: Request) -> UnsubscribeLinks:
    links: UnsubscribeLinks = request.app.state.unsubscribe_links
    return links


Links = Annotated[UnsubscribeLinks, Depends(_links)]
"""Makes and reads unsubscribe links."""
