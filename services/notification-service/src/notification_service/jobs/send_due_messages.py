"""Sends what is due: claim in one transaction, deliver outside any, record in another."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from uuid import UUID

from baoke_chassis.database import Database
from baoke_chassis.jobs import Job
from baoke_events.consuming.consumer import is_transient

from notification_service.channels.courier import WITHIN_S, Courier
from notification_service.channels.provider import Provider
from notification_service.commands.claim_messages import claim_messages
from notification_service.commands.settle_messages import settle_messages
from notification_service.domain.deliveries import LEASE, Outcome
from notification_service.domain.messages import Channel
from notification_service.domain.unsubscribe_links import UnsubscribeLinks

log = logging.getLogger(__name__)

EVERY_S = 0.5
PER_CLASS = 50
SETTLE_WITHIN_S = LEASE.total_seconds() - WITHIN_S
SETTLE_AGAIN_S = 0.5

Connect = Callable[[Database], AbstractAsyncContextManager[Mapping[Channel, Provider]]]
"""Connects the providers for the length of a block."""


async def send_due_messages(
    database: Database, connect: Connect, links: UnsubscribeLinks, *, now: datetime, per_class: int = PER_CLASS
) -> int:
    """Every due message was decided on, and delivered where it may go; returns at how many it looked.

    A crash before the claim changes nothing; after it, the claimed messages become due again when the
    lease ends, and a provider that was handed one before knows it by its id.
    """
    async with database.begin() as session:
        claim = await claim_messages(session, per_class=per_class, now=now)
    if claim.claimed:
        async with connect(database) as providers:
            outcomes = await Courier(providers, links).deliver(claim.claimed, now=now)
        await _settle(database, claim.claim_id, outcomes, now=now)
    return claim.seen


async def _settle(database: Database, claim_id: UUID, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Record the outcomes, and try for as long as the lease lasts: what was sent and is not known is sent again."""
    async with asyncio.timeout(SETTLE_WITHIN_S):
        while True:
            try:
                async with database.begin() as session:
                    await settle_messages(session, claim_id, outcomes, now=now)
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("%d outcomes will be recorded once the database is back: %s", len(outcomes), error)
                await asyncio.sleep(SETTLE_AGAIN_S)
            else:
                return


def sending_job(connect: Connect, links: UnsubscribeLinks) -> Job:
    """The job that sends, over these providers."""

    async def run(database: Database, *, now: datetime) -> int:
        return await send_due_messages(database, connect, links, now=now)

    return Job("send_due_messages", EVERY_S, run)
