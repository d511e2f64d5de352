"""What customers answer to an SMS, as the gateway passes it on."""

from typing import Annotated

from baoke_chassis.bodies import Body, Reply
from baoke_chassis.clock import utc_now
from baoke_chassis.routing import Router, Transaction
from pydantic import ConfigDict, Field

from notification_service.api.callers import Sender
from notification_service.commands.take_sms_reply import take_sms_reply

router = Router(prefix="/v1/sms-replies", tags=["unsubscribe"])


class SmsReplyRequest(Body):
    """A reply and whom it is from."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phone": "+8613800138000", "text": "退订"}]})

    phone: Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
    """E.164."""
    text: Annotated[str, Field(max_length=2000)]


class SmsReplyTaken(Reply):
    """What the reply changed."""

    unsubscribed_parties: int
    """How many leads and customers with that phone get no more marketing; 0 where the reply did not ask for it."""


@router.post("", summary="Take a customer's reply")
async def take_reply(body: SmsReplyRequest, caller: Sender, session: Transaction) -> SmsReplyTaken:
    """Unsubscribe whoever answers 退订, TD, T, STOP and the like from marketing on every channel."""
    count = await take_sms_reply(session, caller.dealer_id, phone=body.phone, text=body.text, now=utc_now())
    return SmsReplyTaken(unsubscribed_parties=count)
