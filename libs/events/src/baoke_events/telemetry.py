"""Spans and metrics of relay and consumers, by OpenTelemetry's semantic conventions for messaging.

A batch gets one span with at most `MAX_LINKS` links. Each *sampled* event gets a span of its own
whose parent is the event's own context, so that one trace runs through every service.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from opentelemetry import context, metrics, trace
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from baoke_events.envelope import Record, attribute
from baoke_events.event import Event
from baoke_events.origin import Origin
from baoke_events.transports import Outgoing

MAX_LINKS = 32

_PROPAGATOR = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("baoke_events")
_meter = metrics.get_meter("baoke_events")

_sent = _meter.create_counter("baoke.outbox.sent", "{event}", "Events handed to the transport")
_left = _meter.create_counter("baoke.outbox.left", "{event}", "Events the transport did not take, to be tried again")
_outbox_depth = _meter.create_gauge("baoke.outbox.depth", "{event}", "Events that wait in the outbox")
_outbox_age = _meter.create_gauge("baoke.outbox.oldest_age", "s", "Age of the oldest event that waits in the outbox")
_parked_depth = _meter.create_gauge("baoke.parked.depth", "{event}", "Parked events")
_parked_age = _meter.create_gauge("baoke.parked.oldest_age", "s", "Age of the oldest parked event")
_consumed = _meter.create_counter("baoke.consumer.events", "{event}", "Events applied, by type")
_repeated = _meter.create_counter("baoke.consumer.repeated", "{event}", "Repeated events that the inbox dropped")
_parked = _meter.create_counter("baoke.consumer.parked", "{event}", "Events set aside because a handler refused them")
_batch_size = _meter.create_histogram("baoke.consumer.batch.size", "{event}", "Events in a batch")
_batch_time = _meter.create_histogram("baoke.consumer.batch.duration", "s", "Time from a batch to its commit")


def relay_metrics(service: str, *, sent: int, left: int) -> None:
    """Count one pass of a relay."""
    _sent.add(sent, {"service": service})
    _left.add(left, {"service": service})


def backlog_metrics(service: str, *, outbox: tuple[int, float], parked: tuple[int, float]) -> None:
    """Show depth and oldest age in seconds of a service's outbox and of its parked events."""
    _outbox_depth.set(outbox[0], {"service": service})
    _outbox_age.set(outbox[1], {"service": service})
    _parked_depth.set(parked[0], {"service": service})
    _parked_age.set(parked[1], {"service": service})


def batch_metrics(group: str, events: Sequence[Event], *, repeated: int, parked: int, duration_s: float) -> None:
    """Count one committed batch of a consumer."""
    for event in events:
        _consumed.add(1, {"consumer": group, "type": event.type})
    _repeated.add(repeated, {"consumer": group})
    _parked.add(parked, {"consumer": group})
    _batch_size.record(len(events), {"consumer": group})
    _batch_time.record(duration_s, {"consumer": group})


@contextmanager
def sending(service: str, outgoing: Sequence[Outgoing]) -> Iterator[None]:
    """One `send` span around a relay's pass, linked to the first of the events it carries."""
    parents = [_context_of(item.record) for item in outgoing[:MAX_LINKS]]
    topics = sorted({item.record.topic for item in outgoing})
    with _tracer.start_as_current_span(
        f"send {topics[0] if len(topics) == 1 else 'baoke'}",
        kind=SpanKind.CLIENT,
        links=[Link(parent) for parent in parents if parent.is_valid and parent.trace_flags.sampled],
        attributes={
            "messaging.system": "kafka",
            "messaging.operation.name": "send",
            "messaging.operation.type": "send",
            "messaging.client.id": service,
            "messaging.batch.message_count": len(outgoing),
        },
    ):
        yield


@contextmanager
def processing(group: str, topic: str, events: Sequence[Event]) -> Iterator[dict[UUID, Origin]]:
    """A `process` span for the batch and one for each sampled event; yields the origins of what answers them."""
    with _tracer.start_as_current_span(
        f"process {topic}",
        kind=SpanKind.CONSUMER,
        links=[Link(c) for c in map(_context, events[:MAX_LINKS]) if c.is_valid and c.trace_flags.sampled],
        attributes={**_attributes(group, topic), "messaging.batch.message_count": len(events)},
    ):
        spans = {event.id: span for event in events if (span := _span_of(group, event))}
        try:
            yield {event.id: _origin(event, spans.get(event.id)) for event in events}
        except BaseException as error:
            for span in spans.values():
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            for span in spans.values():
                span.end()


def _span_of(group: str, event: Event) -> Span | None:
    if not _context(event).trace_flags.sampled:
        return None
    return _tracer.start_span(
        f"process {event.topic}",
        context=_PROPAGATOR.extract({"traceparent": event.traceparent or ""}, context.Context()),
        kind=SpanKind.CONSUMER,
        attributes={
            **_attributes(group, event.topic),
            "messaging.message.id": str(event.id),
            "messaging.message.conversation_id": str(event.correlation_id),
            "messaging.kafka.message.key": event.subject,
            "cloudevents.event_type": event.type,
        },
    )


def _origin(event: Event, span: Span | None) -> Origin:
    carrier: dict[str, str] = {}
    if span is not None:
        _PROPAGATOR.inject(carrier, trace.set_span_in_context(span, context.Context()))
    return Origin(event.id, event.correlation_id or event.id, carrier.get("traceparent", event.traceparent))


def _attributes(group: str, topic: str) -> dict[str, str]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": topic,
        "messaging.consumer.group.name": group,
    }


def _context(event: Event) -> trace.SpanContext:
    return _span_context(event.traceparent)


def _context_of(record: Record) -> trace.SpanContext:
    return _span_context(attribute(record.headers, "traceparent"))


def _span_context(traceparent: str | None) -> trace.SpanContext:
    if traceparent is None:
        return trace.INVALID_SPAN_CONTEXT
    parent = _PROPAGATOR.extract({"traceparent": traceparent}, context.Context())
    return trace.get_current_span(parent).get_span_context()


def age_s(since: datetime | None) -> float:
    """Seconds since an instant, 0 where there is none."""
    return (datetime.now(UTC) - since).total_seconds() if since else 0.0
