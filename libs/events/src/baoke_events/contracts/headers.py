"""The headers of every record: CloudEvents 1.0 in Kafka's binary mode, with Baoke's extensions."""

from baoke_events.contracts.schemas import Schema
from baoke_events.envelope import CONTENT_TYPE
from baoke_events.event import Event

_UUID = {"type": "string", "format": "uuid"}

HEADERS: Schema = {
    "title": "CloudEventHeaders",
    "description": "CloudEvents 1.0 attributes in Kafka's binary content mode. Every value is UTF-8 text.",
    "type": "object",
    "required": [
        "ce_specversion",
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_subject",
        "ce_time",
        "ce_dataschema",
        "ce_dealerid",
        "content-type",
    ],
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {**_UUID, "description": "UUIDv7 of the fact. A record that is delivered again has the same."},
        "ce_source": {"type": "string", "description": "The service that says so: `/baoke/<service>`."},
        "ce_type": {"type": "string", "description": "The fact and its version: `baoke.<aggregate>.<fact>.v1`."},
        "ce_subject": {**_UUID, "description": "The aggregate's id; also the record's key."},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it happened, in UTC."},
        "ce_dataschema": {"type": "string", "description": "Names the JSON Schema of the value."},
        "ce_dealerid": {**_UUID, "description": "The dealer group the fact belongs to. Nothing crosses it."},
        "ce_sequence": {
            "type": "string",
            "pattern": "^[1-9][0-9]*$",
            "description": "Version of the aggregate on this topic after the fact: tells a gap or a repeat of one key.",
        },
        "ce_correlationid": {**_UUID, "description": "The request or job run that everything downstream goes back to."},
        "ce_causationid": {**_UUID, "description": "The event that this one answers."},
        "ce_traceparent": {
            "type": "string",
            "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
            "description": "W3C Trace Context of the span that made the fact.",
        },
        "content-type": {"type": "string", "const": CONTENT_TYPE},
    },
}


def headers_of(kind: type[Event]) -> Schema:
    """What the headers of one event type say beyond `HEADERS`."""
    return {
        "type": "object",
        "properties": {
            "ce_type": {"type": "string", "const": kind.type},
            "ce_source": {"type": "string", "enum": [f"/baoke/{service}" for service in kind.publishers]},
            "ce_dataschema": {"type": "string", "const": f"urn:baoke:schema:{kind.type}"},
        },
    }
