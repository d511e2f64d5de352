"""CloudEvents 1.0 in Kafka's binary mode: attributes are `ce_*` headers, the data is the value.

Format: CloudEvents specification 1.0.2 and its Kafka protocol binding 1.0.2; trace context as in
the Distributed Tracing extension.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.event import Event

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
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(event.id),
        "ce_source": f"/baoke/{service}",
        "ce_type": event.type,
        "ce_subject": event.subject,
        "ce_time": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "ce_dataschema": f"urn:baoke:schema:{event.type}",
        "ce_dealerid": str(event.dealer_id),
        "ce_sequence": str(event.sequence) if event.sequence else None,
        "ce_correlationid": str(event.correlation_id) if event.correlation_id else None,
        "ce_causationid": str(event.causation_id) if event.causation_id else None,
        "ce_traceparent": event.traceparent,
        "content-type": CONTENT_TYPE,
    }
    return Record(
        topic=event.topic,
        key=event.subject,
        headers=tuple((name, value.encode()) for name, value in headers.items() if value is not None),
        value=event.model_dump_json().encode(),
    )


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
