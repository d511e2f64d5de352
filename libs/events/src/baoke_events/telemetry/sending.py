"""The spans of a relay's pass, by OpenTelemetry's semantic conventions for messaging, 1.44."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import context, trace
from opentelemetry.trace import Span, SpanKind

from baoke_events.telemetry.contexts import carried_by, fail, link
from baoke_events.telemetry.measures import errors
from baoke_events.transports import Delivery, Outgoing

_tracer = trace.get_tracer("baoke_events")
_service: ContextVar[str] = ContextVar("baoke_sending_service")


@contextmanager
def sending(service: str, system: str, outgoing: Sequence[Outgoing], delivery: Delivery) -> Iterator[None]:
    """A `send` span per topic around a relay's pass; it ends in error where `delivery` does not settle all of it."""
    waiting = Counter([item.record.topic for item in outgoing])
    spans = {topic: _span(service, system, topic, count) for topic, count in waiting.items()}
    for topic, span in spans.items():
        link(span, (carried_by(item.record) for item in outgoing if item.record.topic == topic))
    token = _service.set(service)
    try:
        yield
        waiting.subtract(Counter([item.record.topic for item in delivery.acknowledged]))
        waiting.subtract(Counter([item.record.topic for item, _ in delivery.refused]))
        fail((spans[topic] for topic, left in waiting.items() if left), "not_taken")
    except BaseException as error:
        fail(spans.values(), type(error).__name__)
        raise
    finally:
        _service.reset(token)
        for span in spans.values():
            span.end()


def not_taken(error: BaseException) -> None:
    """Count what kept a partition of the pass at hand from taking its records."""
    errors.add(1, {"service": _service.get("unknown"), "reason": type(error).__name__})


def _span(service: str, system: str, topic: str, count: int) -> Span:
    # A client's, not a producer's: the events carry the context of who made them, not of this span.
    return _tracer.start_span(
        f"send {topic}",
        context=context.Context(),
        kind=SpanKind.CLIENT,
        attributes={
            "messaging.system": system,
            "messaging.operation.name": "send",
            "messaging.operation.type": "send",
            "messaging.destination.name": topic,
            "messaging.client.id": service,
            "messaging.batch.message_count": count,
            "baoke.service": service,
        },
    )
