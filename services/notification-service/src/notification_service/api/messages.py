"""Messages: what was said, what was not and why; and saying something."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query

from notification_service.api.callers import Links, Reader, Sender
from notification_service.api.schemas import MessageQueued, MessageReply, MessageRequest
from notification_service.commands.queue_message import QueueMessage, queue_message
from notification_service.db import message_list, tables
from notification_service.domain.messages import MessageClass, MessageState
from notification_service.domain.unsubscribe_links import UnsubscribeLinks

router = Router(prefix="/v1/messages", tags=["messages"])


@router.get("", summary="List messages, newest first")
async def list_messages(
    caller: Reader,
    session: Transaction,
    links: Links,
    paging: Annotated[Paging, Depends(Paging)],
    party_id: Annotated[UUID | None, Query(description="a lead or a customer")] = None,
    state: Annotated[MessageState | None, Query()] = None,
) -> Page[MessageReply]:
    """What was or was not sent, with the reason: the dealer's messages, or one party's."""
    rows = await message_list.newest(
        session,
        caller.dealer_id,
        party_id=party_id,
        state=state,
        before=paging.after_one(UUID),
        limit=paging.limit + 1,
    )
    return paging.page(rows, cursor=lambda row: (row.message_id,)).showing(lambda row: _reply(row, links))


@router.post("", status_code=HTTPStatus.ACCEPTED, summary="Send a message")
async def send_message(body: MessageRequest, caller: Sender, session: Transaction) -> MessageQueued:
    """Queue a message for one lead or customer.

    Consent, unsubscription, quiet hours and the daily cap are checked when it is sent; `GET /v1/messages`
    shows what became of it. Send an `Idempotency-Key` to be safe from sending twice.
    """
    command = QueueMessage(
        dealer_id=caller.dealer_id,
        party_id=body.party_id,
        message_class=body.message_class,
        template=body.template,
        data=body.data,
        channels=tuple(dict.fromkeys(body.channels)),
    )
    message = await queue_message(session, command, now=utc_now())
    return MessageQueued(message_id=message.message_id, state=MessageState.WAITING)


def _reply(row: tables.Message, links: UnsubscribeLinks) -> MessageReply:
    url = links.url_of(MessageClass(row.message_class), row.dealer_id, row.party_id, row.channel or row.channels[0])
    fields = {name: getattr(row, name) for name in MessageReply.model_fields if hasattr(row, name)}
    return MessageReply(**fields, trace_id=_trace_id(row.traceparent), unsubscribe_url=url)


def _trace_id(traceparent: str | None) -> str | None:
    """W3C Trace Context: version-trace_id-parent_id-flags."""
    return traceparent.split("-")[1] if traceparent else None
