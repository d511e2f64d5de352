"""What relay and consumers count and measure. Labels are few: service, topic, event type, an error's class."""

from collections import Counter
from collections.abc import Iterable, Sequence

from opentelemetry import metrics

from baoke_events.backlog import Backlog
from baoke_events.envelope import Record
from baoke_events.event import Event
from baoke_events.transports import Delivery

_meter = metrics.get_meter("baoke_events")

_sent = _meter.create_counter("baoke.outbox.sent", "{event}", "Events the transport took, by topic and type")
_left = _meter.create_counter("baoke.outbox.left", "{event}", "Events the transport did not take, to be tried again")
errors = _meter.create_counter("baoke.outbox.errors", "{error}", "What kept events from being sent, by reason")
_outbox_depth = _meter.create_gauge("baoke.outbox.depth", "{event}", "Events that wait in the outbox")
_outbox_age = _meter.create_gauge("baoke.outbox.oldest_age", "s", "Age of the oldest event in the outbox")
_aside_depth = _meter.create_gauge("baoke.quarantine.depth", "{event}", "Events that Kafka refused, and what follows")
_aside_age = _meter.create_gauge("baoke.quarantine.oldest_age", "s", "How long the oldest of these has waited")
_parked_depth = _meter.create_gauge("baoke.parked.depth", "{event}", "Parked events")
_parked_keys = _meter.create_gauge("baoke.parked.keys", "{key}", "Keys that wait behind a parked event")
_parked_age = _meter.create_gauge("baoke.parked.oldest_age", "s", "How long the oldest parked event has waited")

_transport_up = _meter.create_gauge("baoke.transport.up", "", "1 while the transport answers, 0 while it does not")

_consumed = _meter.create_counter("baoke.consumer.events", "{event}", "Events that had their effect, by topic and type")
_repeated = _meter.create_counter("baoke.consumer.repeated", "{event}", "Repeated events that the inbox dropped")
_parked = _meter.create_counter("baoke.consumer.parked", "{event}", "Events set aside because a handler refused them")
_retries = _meter.create_counter("baoke.consumer.retries", "{batch}", "Batches rolled back, to be tried again")
_rebalances = _meter.create_counter("baoke.consumer.rebalances", "{rebalance}", "Times partitions were dealt anew")
gaps = _meter.create_counter("baoke.consumer.gaps", "{gap}", "Versions of a key that never came; must stay 0")
_batch_size = _meter.create_histogram(
    "baoke.consumer.batch.size",
    "{event}",
    "Events in a batch",
    explicit_bucket_boundaries_advisory=[1, 2, 5, 10, 20, 50, 100, 200, 500],
)
_batch_time = _meter.create_histogram(
    "baoke.consumer.batch.duration",
    "s",
    "Time from a batch to its commit",
    explicit_bucket_boundaries_advisory=[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
)


def announce(service: str, topics: Iterable[str]) -> None:
    """Show at 0 what has not happened yet, so that its first time is seen as a rise."""
    mine = {"service": service}
    for counter in (_left, _repeated, _parked, _retries, _rebalances):
        counter.add(0, mine)
    errors.add(0, {**mine, "reason": "refused"})
    for topic in topics:
        gaps.add(0, {**mine, "topic": topic})


def pass_done(service: str, delivery: Delivery, *, left: int) -> None:
    """Count one pass of a relay."""
    mine = {"service": service}
    taken = Counter([(item.record.topic, _type_of(item.record)) for item in delivery.acknowledged])
    for (topic, type_), count in taken.items():
        _sent.add(count, {**mine, "topic": topic, "type": type_.decode()})
    _left.add(left, mine)
    if delivery.refused:
        errors.add(len(delivery.refused), {**mine, "reason": "refused"})


def _type_of(record: Record) -> bytes:
    for name, value in record.headers:
        if name == "ce_type":
            return value
    return b"none"


def pass_failed(service: str, error: BaseException) -> None:
    """Count a relay's pass that came to nothing."""
    errors.add(1, {"service": service, "reason": type(error).__name__})


def show_backlog(service: str, backlog: Backlog) -> None:
    """Show what waits in a service's database."""
    mine = {"service": service}
    _outbox_depth.set(backlog.outbox_events, mine)
    _outbox_age.set(backlog.outbox_age_s, mine)
    _aside_depth.set(backlog.quarantined_events, mine)
    _aside_age.set(backlog.quarantined_age_s, mine)
    _parked_depth.set(backlog.parked_events, mine)
    _parked_keys.set(backlog.parked_keys, mine)
    _parked_age.set(backlog.parked_age_s, mine)


def show_transport(service: str, *, up: bool) -> None:
    """Show whether what carries a service's events can be reached."""
    _transport_up.set(int(up), {"service": service})


def batch_done(service: str, applied: Sequence[Event], *, repeated: int, parked: int, duration_s: float) -> None:
    """Count one committed batch of a consumer."""
    mine = {"service": service}
    for (topic, type_), count in Counter([(event.topic, event.type) for event in applied]).items():
        _consumed.add(count, {**mine, "topic": topic, "type": type_})
    _repeated.add(repeated, mine)
    _parked.add(parked, mine)
    _batch_size.record(len(applied) + repeated + parked, mine)
    _batch_time.record(duration_s, mine)


def batch_failed(service: str) -> None:
    """Count a batch of a consumer that was rolled back and will come again."""
    _retries.add(1, {"service": service})


def rebalanced(service: str) -> None:
    """Count that the group's partitions were dealt anew."""
    _rebalances.add(1, {"service": service})
