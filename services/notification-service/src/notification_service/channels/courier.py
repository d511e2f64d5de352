"""Delivering what was claimed: party by party, channel by channel."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from notification_service.channels.provider import Provider, ProviderAway, Refused
from notification_service.channels.writing import write
from notification_service.domain.deliveries import LEASE, Claimed, Outcome, unanswered, untried
from notification_service.domain.errors import UnfitTemplateData, UnknownTemplate
from notification_service.domain.messages import Channel, MessageState, Reason
from notification_service.domain.parties import PartyKey
from notification_service.domain.unsubscribe_links import UnsubscribeLinks

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Parties that are written to at the same time."""
WITHIN_S = LEASE.total_seconds() * 0.75
"""What is not over by then is given back, in time to be recorded before the lease ends."""

_PROPAGATOR = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("notification_service")


@dataclass(frozen=True, slots=True)
class Courier:
    """Hands messages to providers, at least once; never inside a transaction."""

    providers: Mapping[Channel, Provider]
    links: UnsubscribeLinks
    within_s: float = WITHIN_S

    async def deliver(self, claimed: Sequence[Claimed], *, now: datetime) -> list[Outcome]:
        """What became of each message: a try that took too long was not answered, and the rest is untried.

        Within a party the messages are tried in order.
        """
        outcomes = {item.message.message_id: untried(item.message, now=now) for item in claimed}
        at_once = asyncio.Semaphore(AT_ONCE)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.within_s), asyncio.TaskGroup() as group:
                for items in _by_party(claimed):
                    group.create_task(self._deliver_in_order(items, at_once, outcomes, now))
        return list(outcomes.values())

    async def _deliver_in_order(
        self, items: Sequence[Claimed], at_once: asyncio.Semaphore, outcomes: dict[UUID, Outcome], now: datetime
    ) -> None:
        async with at_once:
            for item in items:
                with _span(item):
                    await self._deliver(item, outcomes, now)

    async def _deliver(self, item: Claimed, outcomes: dict[UUID, Outcome], now: datetime) -> None:
        """Try the channels in order until one takes the message, or may have taken it."""
        message = item.message
        outcome = Outcome(message, MessageState.FAILED, item.channels[0], Reason.NO_PROVIDER)
        for channel in item.channels:
            if channel in self.providers:
                outcomes[message.message_id] = unanswered(message, channel, now=now)
                outcome = await self._try(item, channel, now)
            if outcome.state is not MessageState.FAILED:
                break
        outcomes[message.message_id] = outcome

    async def _try(self, item: Claimed, channel: Channel, now: datetime) -> Outcome:
        message = item.message
        try:
            parcel = write(item, channel, self.links)
            await self.providers[channel].deliver(parcel)
        except (UnknownTemplate, UnfitTemplateData) as error:
            log.warning("message %s cannot be written: %s", message.message_id, error)
            return Outcome(message, MessageState.FAILED, channel, Reason.UNRENDERABLE)
        except Refused as error:
            log.info("message %s refused on %s: %s", message.message_id, channel, error)
            return Outcome(message, MessageState.FAILED, channel, Reason.REFUSED)
        except ProviderAway as error:
            log.warning("message %s not taken on %s: %s", message.message_id, channel, error)
            return unanswered(message, channel, now=now)
        except Exception:
            # One message's bug must not make all others of the batch go out twice.
            log.exception("message %s could not be handed to %s", message.message_id, channel)
            return unanswered(message, channel, now=now)
        return Outcome(
            message,
            MessageState.SENT,
            channel,
            subject=parcel.subject,
            text=parcel.text,
            template_version=parcel.template_version,
        )


def _by_party(claimed: Iterable[Claimed]) -> Iterable[list[Claimed]]:
    parties: dict[PartyKey, list[Claimed]] = defaultdict(list)
    for item in claimed:
        parties[item.contact.key].append(item)
    return parties.values()


@contextmanager
def _span(item: Claimed) -> Iterator[None]:
    """A span in the trace of whatever the message answers."""
    message = item.message
    parent = _PROPAGATOR.extract({"traceparent": message.traceparent or ""})
    attributes = {
        "baoke.service": "notification-service",
        "baoke.message.id": str(message.message_id),
        "baoke.message.template": message.template,
    }
    # An error's words may hold the address that was written to: they stay out.
    with _tracer.start_as_current_span(
        "deliver message",
        parent,
        trace.SpanKind.CLIENT,
        attributes,
        record_exception=False,
        set_status_on_exception=False,
    ):
        yield
