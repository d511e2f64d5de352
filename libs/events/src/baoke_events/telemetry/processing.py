"""The spans of a consumer's batch, by OpenTelemetry's semantic conventions for messaging, 1.44.

Each *sampled* event gets a `process` span of its own whose parent is the event's context, so that
one trace runs through every service. An event that is not sampled costs one look at its flags.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from opentelemetry import context, trace
from opentelemetry.trace import Span, SpanKind

from baoke_events.envelope import Record
from baoke_events.event import Event
from baoke_events.origin import Origin
from baoke_events.telemetry.contexts import carried_by, fail, is_sampled, link, parent_of, traceparent_of

_tracer = trace.get_tracer("baoke_events")


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the records at hand come from."""

    system: str = "baoke"
    partition: int | None = None
    offset: int | None = None
    replayed: bool = False


_source: ContextVar[_Source] = ContextVar("baoke_source", default=_Source())  # noqa: B039 (frozen)


@contextmanager
def receiving(partition: int, offset: int) -> Iterator[None]:
    """What is processed inside was read from Kafka, beginning at this offset of this partition."""
    token = _source.set(_Source("kafka", partition, offset))
    try:
        yield
    finally:
        _source.reset(token)


@contextmanager
def replaying() -> Iterator[None]:
    """What is processed inside was parked before."""
    token = _source.set(_Source(replayed=True))
    try:
        yield
    finally:
        _source.reset(token)


@contextmanager
def processing(service: str, events: Sequence[Event]) -> Iterator[Mapping[UUID, Origin]]:
    """A `process` span for the batch and one for each sampled event; yields the origins of what answers them."""
    batch = _batch_span(service, events)
    sampled = [event for event in events if is_sampled(event.traceparent)]
    spans = {event.id: _event_span(service, event) for event in sampled}
    link(batch, (event.traceparent for event in sampled))
    try:
        with trace.use_span(batch, record_exception=False, set_status_on_exception=False):
            yield _Origins(events, spans)
    except BaseException as error:
        fail((batch, *spans.values()), type(error).__name__)
        raise
    finally:
        for span in (*spans.values(), batch):
            span.end()


def mark_parked(service: str, record: Record, reason: str) -> None:
    """Leave a `park` span in the record's trace, if it is sampled. `reason` is one word or an error's class."""
    traceparent = carried_by(record)
    if traceparent is None:
        return
    attributes = _process(service, record.topic) | {
        "messaging.operation.name": "park",
        "messaging.operation.type": "settle",
        "messaging.kafka.message.key": record.key,
    }
    span = _tracer.start_span(
        f"park {record.topic}", context=parent_of(traceparent), kind=SpanKind.CLIENT, attributes=attributes
    )
    fail([span], reason)
    span.end()


def _batch_span(service: str, events: Sequence[Event]) -> Span:
    topics = {event.topic for event in events}
    topic = topics.pop() if len(topics) == 1 else None
    attributes = _process(service, topic) | {"messaging.batch.message_count": len(events)}
    if (offset := _source.get().offset) is not None:
        attributes["messaging.kafka.offset"] = offset
    name = f"process {topic}" if topic else "process"
    return _tracer.start_span(name, context=context.Context(), kind=SpanKind.CONSUMER, attributes=attributes)


def _event_span(service: str, event: Event) -> Span:
    attributes = _process(service, event.topic) | {
        "messaging.message.id": str(event.id),
        "messaging.message.conversation_id": str(event.correlation_id or event.id),
        "messaging.kafka.message.key": event.subject,
        "cloudevents.event_type": event.type,
    }
    parent = parent_of(event.traceparent or "")
    return _tracer.start_span(f"process {event.topic}", context=parent, kind=SpanKind.CONSUMER, attributes=attributes)


def _process(service: str, topic: str | None) -> dict[str, str | bool | int]:
    source = _source.get()
    attributes: dict[str, str | bool | int] = {
        "messaging.system": source.system,
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.consumer.group.name": service,
        "messaging.client.id": service,
        "baoke.service": service,
    }
    if topic:
        attributes["messaging.destination.name"] = topic
    if source.partition is not None:
        attributes["messaging.destination.partition.id"] = str(source.partition)
    if source.replayed:
        attributes["baoke.replayed"] = True
    return attributes


class _Origins(Mapping[UUID, Origin]):
    """The origin of what answers each event of a batch, made when it is asked for."""

    def __init__(self, events: Sequence[Event], spans: Mapping[UUID, Span]) -> None:
        self._events = {event.id: event for event in events}
        self._spans = spans

    def __getitem__(self, event_id: UUID) -> Origin:
        event, span = self._events[event_id], self._spans.get(event_id)
        made_by = traceparent_of(span) if span else None
        return Origin(event.id, event.correlation_id or event.id, made_by or event.traceparent)

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._events)

    def __len__(self) -> int:
        return len(self._events)
