"""CloudEvents 1.0 in Kafka's binary mode: attributes are `ce_*` headers, the data is the value.

Format: CloudEvents specification 1.0.2 and its Kafka protocol binding 1.0.2; trace context as in
the Distributed Tracing extension.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from baoke_events.event import Event
from baoke_events.origin import Origin

Headers = tuple[tuple[str, bytes], ...]

CONTENT_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Record:
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


def headers_of(event: Event, *, service: str, origin: Origin | None = None) -> dict[str, str]:
    """The envelope's attributes by header name. What the event does not say of its origin, `origin` does."""
    correlation_id, traceparent = event.correlation_id, event.traceparent
    if origin is not None and correlation_id is None:
        correlation_id, traceparent = origin.correlation_id, traceparent or origin.traceparent
    headers = {
        **_constants(type(event), service),
        "ce_id": str(event.id),
        "ce_subject": event.subject,
        "ce_time": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "ce_dealerid": str(event.dealer_id),
    }
    if event.sequence:
        headers["ce_sequence"] = str(event.sequence)
    if correlation_id:
        headers["ce_correlationid"] = str(correlation_id)
    if event.causation_id:
        headers["ce_causationid"] = str(event.causation_id)
    if traceparent:
        headers["ce_traceparent"] = traceparent
    return headers


def data_of(event: Event) -> bytes:
    """The event's data as JSON."""
    return event.__pydantic_serializer__.to_json(event)


@cache
def _constants(kind: type[Event], service: str) -> dict[str, str]:
    return {
        "ce_specversion": "1.0",
        "ce_source": f"/baoke/{service}",
        "ce_type": kind.type,
        "ce_dataschema": f"urn:baoke:schema:{kind.type}",
        "content-type": CONTENT_TYPE,
    }


def attributes(headers: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """CloudEvents attributes of a record by name, without their `ce_` prefix."""
    return {name[3:]: value.decode(errors="replace") for name, value in headers if name.startswith("ce_")}


def decode(headers: Sequence[tuple[str, bytes]], value: bytes) -> Event | None:
    """The typed event of a record, or `None` where its type is not in this version's catalogue.

    Raises:
        NotACloudEvent: a required attribute is missing or malformed.
        pydantic.ValidationError: the data does not fit the type.
    """
    carried = attributes(headers)
    kind = Event.registry.get(carried.get("type", ""))
    if kind is None and carried.get("type"):
        return None
    return _typed(kind, carried, value)


def _typed(kind: type[Event] | None, carried: Mapping[str, str], value: bytes) -> Event:
    if kind is None:
        raise NotACloudEvent("the record has no ce_type header")
    try:
        envelope: dict[str, object] = {
            "id": UUID(carried["id"]),
            "dealer_id": UUID(carried["dealerid"]),
            "occurred_at": datetime.fromisoformat(carried["time"]),
            "sequence": int(carried.get("sequence", "0")),
            "correlation_id": UUID(carried["correlationid"]) if "correlationid" in carried else None,
            "causation_id": UUID(carried["causationid"]) if "causationid" in carried else None,
            "traceparent": carried.get("traceparent"),
        }
    except (KeyError, ValueError) as error:
        raise NotACloudEvent(f"attribute missing or malformed: {error}") from error
    return kind.parse(value, **envelope)
