"""The link in a marketing message. Without a login: the token says whom it is for."""

from typing import Annotated

from baoke_chassis.clock import utc_now
from baoke_chassis.routing import Router, Transaction
from fastapi import Form, Path
from fastapi.responses import HTMLResponse

from notification_service.api.callers import Links
from notification_service.commands.unsubscribe import unsubscribe
from notification_service.db import parties
from notification_service.domain.parties import DEFAULT_LOCALE, PartyKey
from notification_service.domain.unsubscribe_links import Unsubscription
from notification_service.pages import page
from notification_service.templates.catalogue import locale_of

router = Router(prefix="/u", tags=["unsubscribe"])

Token = Annotated[str, Path(max_length=200, description="as in the link of a marketing message")]


@router.get("/{token}", response_class=HTMLResponse, summary="Ask whether to unsubscribe")
async def confirm_unsubscription(token: Token, links: Links, session: Transaction) -> HTMLResponse:
    """A page with a button. Opening it changes nothing, because mail scanners open every link."""
    locale = await _locale(session, links.read(token))
    return HTMLResponse(page("unsubscribe.html", locale=locale, done=False))


@router.post("/{token}", response_class=HTMLResponse, summary="Unsubscribe")
async def unsubscribe_by_link(
    token: Token,
    links: Links,
    session: Transaction,
    one_click: Annotated[
        str | None, Form(alias="List-Unsubscribe", description="`One-Click`, as mail programs send it (RFC 8058)")
    ] = None,
) -> HTMLResponse:
    """End marketing messages to this person on every channel. Doing it again changes nothing."""
    wish = links.read(token)
    await unsubscribe(session, [wish], how="one_click" if one_click == "One-Click" else "page", now=utc_now())
    return HTMLResponse(page("unsubscribe.html", locale=await _locale(session, wish), done=True))


async def _locale(session: Transaction, wish: Unsubscription) -> str:
    party = await parties.find(session, PartyKey(wish.dealer_id, wish.party_id))
    return locale_of(party.contact.locale if party else DEFAULT_LOCALE)
