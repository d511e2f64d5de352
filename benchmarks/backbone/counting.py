"""A transport that knows how much it has carried."""

from collections.abc import Callable, Sequence

from baoke_events.transports import Delivery, Outgoing
from baoke_events.transports.kafka import KafkaTransport


class CountingTransport(KafkaTransport):
    """The production transport; calls `taken_changed` with the number of events that were acknowledged so far."""

    taken = 0
    taken_changed: Callable[[int], None] = staticmethod(lambda _: None)

    async def deliver(self, outgoing: Sequence[Outgoing]) -> Delivery:
        """Hand on, and count."""
        delivery = await super().deliver(outgoing)
        self.taken += len(delivery.acknowledged)
        self.taken_changed(self.taken)
        return delivery
