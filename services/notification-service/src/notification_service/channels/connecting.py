"""Which provider serves which channel, by the settings."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from ssl import SSLContext

import httpx
from baoke_chassis.database import Database

from notification_service.channels.email import Smtp
from notification_service.channels.local_outbox import LocalOutboxProvider
from notification_service.channels.provider import Provider
from notification_service.channels.sms import SmsGateway
from notification_service.domain.messages import Channel
from notification_service.settings import Settings

_trusted = cache(httpx.create_ssl_context)


@asynccontextmanager
async def connect(settings: Settings, database: Database) -> AsyncIterator[Mapping[Channel, Provider]]:
    """The providers, connected for the length of the block.

    A channel without a provider of its own is served by the local outbox where that is enabled,
    and by nobody otherwise.
    """
    async with AsyncExitStack() as stack:
        providers: dict[Channel, Provider] = {}
        if settings.local_outbox:
            providers = dict.fromkeys(Channel, LocalOutboxProvider(database))
        if settings.sms_url:
            client = await stack.enter_async_context(httpx.AsyncClient(verify=_ssl()))
            providers[Channel.SMS] = SmsGateway(client, settings.sms_url, settings.sms_token.get_secret_value())
        if settings.smtp_host:
            providers[Channel.EMAIL] = _smtp(settings, settings.smtp_host)
        yield providers


def _ssl() -> SSLContext:
    """Read once: parsing the trust store for every batch would cost more than the batch."""
    return _trusted()


def _smtp(settings: Settings, host: str) -> Smtp:
    return Smtp(
        host=host,
        port=settings.smtp_port,
        sender=settings.smtp_sender,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        use_tls=settings.smtp_tls,
    )
