"""W3C trace context as events carry it, read no further than needed.

Format: W3C Trace Context, level 2: `00-<32 hex>-<16 hex>-<flags>`; the last bit of the flags says *sampled*.
"""

from collections.abc import Iterable
from itertools import islice

from opentelemetry import context, trace
from opentelemetry.trace import Span, SpanContext, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from baoke_events.envelope import Record

MAX_LINKS = 32

_PROPAGATOR = TraceContextTextMapPropagator()
_ODD = frozenset("13579bdf")


def is_sampled(traceparent: str | None) -> bool:
    """Whether whoever made the event records this trace. Looks at one character, for most events are not sampled."""
    return traceparent is not None and traceparent[-1:] in _ODD


def carried_by(record: Record) -> str | None:
    """The record's traceparent, if it is sampled."""
    for name, value in record.headers:
        if name == "ce_traceparent":
            traceparent = value.decode(errors="replace")
            return traceparent if is_sampled(traceparent) else None
    return None


def parent_of(traceparent: str) -> context.Context:
    """The context a traceparent names, to be a span's parent; an empty one where it is malformed."""
    return _PROPAGATOR.extract({"traceparent": traceparent}, context.Context())


def traceparent_of(span: Span) -> str | None:
    """How an event names this span as what made it."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span, context.Context()))
    return carrier.get("traceparent")


def link(span: Span, traceparents: Iterable[str | None]) -> None:
    """Link a span that is recorded to the first `MAX_LINKS` of these."""
    if span.is_recording():
        for traceparent in islice(filter(None, traceparents), MAX_LINKS):
            span.add_link(_span_context_of(traceparent))


def fail(spans: Iterable[Span], reason: str) -> None:
    """Let the spans say that they failed, and why in one word: never the words of an error, which may be personal."""
    for span in spans:
        span.set_attribute("error.type", reason)
        span.set_status(Status(StatusCode.ERROR))


def _span_context_of(traceparent: str) -> SpanContext:
    return trace.get_current_span(parent_of(traceparent)).get_span_context()
