"""The local outbox: what customers would have received."""

from baoke_chassis.routing import Router, Transaction
from fastapi.responses import HTMLResponse

from notification_service.db import local_outbox
from notification_service.pages import page

router = Router(tags=["local outbox"])

SHOWN = 200


@router.get("/outbox", response_class=HTMLResponse, include_in_schema=False)
async def show_outbox(session: Transaction) -> HTMLResponse:
    """The newest messages of all dealers: what would have been delivered, what waits, what was not sent and why."""
    return HTMLResponse(page("outbox.html", entries=await local_outbox.newest(session, limit=SHOWN)))
