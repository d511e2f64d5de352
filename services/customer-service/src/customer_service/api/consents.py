"""What a customer agrees to be told, and where."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from baoke_chassis.clock import utc_now
from baoke_chassis.routing import Router, Transaction
from fastapi import Body as FromBody
from pydantic import model_validator

from customer_service.api.callers import Writer, stores_of
from customer_service.api.fields import Term
from customer_service.commands.change_consents import change_consents
from customer_service.db import customer_views
from customer_service.domain.consents import Channel, Purpose, State, Statement
from customer_service.domain.errors import CustomerNotFound

router = Router(prefix="/v1/customers", tags=["consents"])


class ConsentIn(Body):
    """One answer of the person to one question."""

    purpose: Purpose
    channel: Channel
    granted: bool
    wording_version: Term | None = None
    """The version of the text the person saw; a grant needs one."""

    @model_validator(mode="after")
    def _grants_name_their_wording(self) -> Self:
        if self.granted and not self.wording_version:
            raise ValueError("A consent that is granted names the version of the wording the person saw.")
        return self

    def statement(self, source: str, at: datetime) -> Statement:
        """Return the answer as a statement of the customer."""
        return Statement(self.purpose, self.channel, self.granted, self.wording_version, source, at)


class ConsentOut(Reply):
    """What holds for a purpose on a channel."""

    purpose: Purpose
    channel: Channel
    granted: bool
    wording_version: str | None
    source: str
    stated_at: datetime


class ConsentsOut(Reply):
    """All that holds, one line for each purpose and channel."""

    consents: list[ConsentOut]


def consents_out(state: State) -> list[ConsentOut]:
    """Return what holds, in a fixed order."""
    return [ConsentOut.model_validate(statement) for _, statement in sorted(state.items())]


EXAMPLE = [
    {"purpose": "service", "channel": "sms", "granted": True, "wording_version": "2026-01"},
    {"purpose": "marketing", "channel": "sms", "granted": False},
]


@router.put("/{customer_id}/consents", response_model=ConsentsOut)
async def put_consents(
    customer_id: UUID,
    body: Annotated[list[ConsentIn], FromBody(min_length=1, max_length=32, examples=[EXAMPLE])],
    caller: Writer,
    session: Transaction,
) -> ConsentsOut:
    """Take down what the customer agrees to, per purpose and channel, and answer with all that holds.

    A pair that is not named stays as it is. Withdrawals are kept as history, and both are
    published at once: a message is judged by the consent at the time it is sent.
    """
    if await customer_views.find(session, caller.dealer_id, customer_id, stores=stores_of(caller)) is None:
        raise CustomerNotFound(customer_id)
    now = utc_now()
    statements = [consent.statement("staff", now) for consent in body]
    state = await change_consents(session, (caller.dealer_id, customer_id), statements, now=now)
    return ConsentsOut(consents=consents_out(state))
