"""The SMS gateway as it answers."""

import json
from uuid import UUID

import httpx
import pytest
from notification_service.channels.provider import Parcel, ProviderAway, Refused
from notification_service.channels.sms import SmsGateway
from notification_service.domain.messages import Channel

PARCEL = Parcel(
    dealer_id=UUID(int=1),
    message_id=UUID(int=2),
    channel=Channel.SMS,
    address="+8613800138000",
    sender="保客",
    subject=None,
    text="【保客】可以提车了。",
    template_version=1,
    unsubscribe_url=None,
)


async def hand_over(answer):
    """Hands the parcel to a gateway that answers like this; returns what it was asked."""
    asked = []

    def gateway(request):
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)

    async with httpx.AsyncClient(transport=httpx.MockTransport(gateway)) as client:
        await SmsGateway(client, "https://sms.test/send", "token").deliver(PARCEL)
    return asked


async def test_a_gateway_gets_number_text_and_the_messages_id_as_its_key():
    (request,) = await hand_over(202)

    assert json.loads(request.content) == {"to": "+8613800138000", "text": "【保客】可以提车了。"}
    assert request.headers["idempotency-key"] == str(UUID(int=2))
    assert request.headers["authorization"] == "Bearer token"


@pytest.mark.parametrize("answer", [500, 503, 429, 408, httpx.ConnectError("no"), httpx.ReadTimeout("slow")])
async def test_a_gateway_that_is_away_may_be_asked_again(answer):
    with pytest.raises(ProviderAway):
        await hand_over(answer)


@pytest.mark.parametrize("answer", [400, 401, 404, 422, 302])
async def test_a_gateway_that_says_no_is_not_asked_again(answer):
    with pytest.raises(Refused):
        await hand_over(answer)
