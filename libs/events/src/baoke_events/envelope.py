"""CloudEvents 1.0 in Kafka's binary mode: attributes are `ce_*` headers, the data is the value.

Format: CloudEvents specification 1.0.2 and its Kafka protocol binding 1.0.2; trace context as in
the Distributed Tracing extension.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pydantic_core import from_json, to_json

from baoke_events.event import Event

if TYPE_CHECKING:  # what a downstream consumer installs reads envelopes without OpenTelemetry
    from baoke_events.origin import Origin

Headers = tuple[tuple[str, bytes], ...]

CONTENT_TYPE = "application/json"

_FIELD_OF = {
    "ce_id": "id",
    "ce_dealerid": "dealer_id",
    "ce_time": "occurred_at",
    "ce_sequence": "sequence",
    "ce_correlationid": "correlation_id",
    "ce_causationid": "causation_id",
    "ce_traceparent": "traceparent",
}
_REQUIRED = {"ce_id", "ce_dealerid", "ce_time"}


class Record(NamedTuple):
    """One message of a topic, before or after Kafka. A value of `None` is a tombstone."""

    topic: str
    key: str
    headers: Headers
    value: bytes | None


class NotACloudEvent(ValueError):
    """A record on one of our topics does not carry the envelope."""


def encode(event: Event, *, service: str) -> Record:
    """The record of an event, published by `service`. Validates nothing: an `Event` is valid by construction."""
    headers = headers_of(event, service=service)
    return Record(event.topic, event.subject, tuple((n, v.encode()) for n, v in headers.items()), data_of(event))


def headers_of(event: Event, *, service: str, origin: "Origin | None" = None) -> dict[str, str]:
    """The envelope's attributes by header name. What the event does not say of its origin, `origin` does."""
    headers: dict[str, str] = from_json(to_json(attributes_of(event, service=service, origin=origin)))
    return headers


def attributes_of(event: Event, *, service: str, origin: "Origin | None" = None) -> dict[str, object]:
    """The same before it is JSON, which writes ids and instants faster than `str` and `isoformat` do."""
    correlation_id, traceparent = event.correlation_id, event.traceparent
    if origin is not None and correlation_id is None:
        correlation_id, traceparent = origin.correlation_id, traceparent or origin.traceparent
    attributes = {
        **_constants(type(event), service),
        "ce_id": event.id,
        "ce_subject": event.subject,
        "ce_time": event.occurred_at,
        "ce_dealerid": event.dealer_id,
    }
    if event.sequence:
        attributes["ce_sequence"] = str(event.sequence)
    if correlation_id:
        attributes["ce_correlationid"] = correlation_id
    if event.causation_id:
        attributes["ce_causationid"] = event.causation_id
    if traceparent:
        attributes["ce_traceparent"] = traceparent
    return attributes


def data_of(event: Event) -> bytes:
    """The event's data as JSON."""
    return event.__pydantic_serializer__.to_json(event)


@cache
def _constants(kind: type[Event], service: str) -> dict[str, object]:
    return {
        "ce_specversion": "1.0",
        "ce_source": f"/baoke/{service}",
        "ce_type": kind.type,
        "ce_dataschema": f"urn:baoke:schema:{kind.type}",
        "content-type": CONTENT_TYPE,
    }


def attribute(headers: Sequence[tuple[str, bytes]], name: str) -> str | None:
    """One CloudEvents attribute of a record, such as `type`, or `None` where it is not there."""
    wanted = f"ce_{name}"
    for header, value in headers:
        if header == wanted:
            return value.decode(errors="replace")
    return None


def decode(headers: Sequence[tuple[str, bytes]], value: bytes) -> Event | None:
    """The typed event of a record, or `None` where its type is not in this version's catalogue.

    Raises:
        NotACloudEvent: a required attribute is missing.
        pydantic.ValidationError: an attribute or the data does not fit the type.
    """
    type_ = attribute(headers, "type")
    if not type_:
        raise NotACloudEvent("the record has no ce_type header")
    kind = Event.registry.get(type_)
    return kind.parse(value, **_envelope(dict(headers))) if kind else None


def _envelope(headers: dict[str, bytes]) -> dict[str, str]:
    """The attributes an event has, as text, by the names it has for them."""
    if missing := _REQUIRED - headers.keys():
        raise NotACloudEvent(f"the record has no {', '.join(sorted(missing))} header")
    return {field: headers[name].decode(errors="replace") for name, field in _FIELD_OF.items() if name in headers}
