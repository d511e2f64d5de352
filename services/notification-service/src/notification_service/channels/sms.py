"""SMS through an HTTP gateway."""

from dataclasses import dataclass

import httpx

from notification_service.channels.provider import Parcel, ProviderAway, Refused

TRY_AGAIN = frozenset({408, 409, 425, 429})
TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """Posts `{to, text}` as JSON with an `Idempotency-Key`; any 2xx means that the gateway took it."""

    client: httpx.AsyncClient
    url: str
    token: str

    async def deliver(self, parcel: Parcel) -> None:
        """Hand the parcel to the gateway. 4xx is a refusal unless it asks for patience."""
        try:
            answer = await self.client.post(
                self.url,
                json={"to": parcel.address, "text": parcel.text},
                headers={"Idempotency-Key": str(parcel.message_id), "Authorization": f"Bearer {self.token}"},
                timeout=TIMEOUT_S,
            )
        except httpx.TransportError as error:
            raise ProviderAway(f"SMS gateway: {type(error).__name__}") from error
        if answer.is_server_error or answer.status_code in TRY_AGAIN:
            raise ProviderAway(f"SMS gateway answered {answer.status_code}")
        if not answer.is_success:
            raise Refused(f"SMS gateway answered {answer.status_code}")
