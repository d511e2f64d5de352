"""Where an event comes from: the event it answers, the request it goes back to, the trace it belongs to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from baoke_events.ids import uuid7

_PROPAGATOR = TraceContextTextMapPropagator()


@dataclass(frozen=True, slots=True)
class Origin:
    """What a later event must carry to stay in the story that started it."""

    causation_id: UUID | None
    correlation_id: UUID
    traceparent: str | None

    @classmethod
    def now(cls) -> "Origin":
        """The origin of what happens here and now, outside any handler: a request or a job run."""
        return cls(None, _correlation.get() or uuid7(), current_traceparent())


_correlation: ContextVar[UUID | None] = ContextVar("baoke_correlation", default=None)
_batch: ContextVar[Mapping[UUID, Origin]] = ContextVar("baoke_batch", default={})  # noqa: B039 (never mutated)


def current_traceparent() -> str | None:
    """The W3C traceparent of the span that is active, if one is."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def origin_of(event_id: UUID | None) -> Origin:
    """The origin for what answers this event of the batch at hand; for anything else the ambient one."""
    return answered(event_id) or Origin.now()


def answered(event_id: UUID | None) -> Origin | None:
    """The origin for what answers this event, where it is one of the batch at hand."""
    return _batch.get().get(event_id) if event_id else None


@contextmanager
def correlated(correlation_id: UUID) -> Iterator[None]:
    """Everything published inside goes back to this request or job run."""
    token = _correlation.set(correlation_id)
    try:
        yield
    finally:
        _correlation.reset(token)


@contextmanager
def answering(origins: Mapping[UUID, Origin]) -> Iterator[None]:
    """Inside, `origin_of` knows the events of one batch."""
    token = _batch.set(origins)
    try:
        yield
    finally:
        _batch.reset(token)
