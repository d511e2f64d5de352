"""The messages of the AsyncAPI document: headers, data and an example of each event type."""

from typing import Any

from baoke_events.contracts.drafts import published, record_of
from baoke_events.contracts.headers import HEADERS, headers_of
from baoke_events.contracts.samples import SAMPLES
from baoke_events.contracts.schemas import Schema, data_schema
from baoke_events.event import Event

KAFKA_BINDING = "0.5.0"
_SCHEMAS = "#/components/schemas/"


class TwoFactsOneName(ValueError):
    """Two facts of different shape share a name, which the document could not tell apart."""


def messages() -> dict[str, Any]:
    """The message of each event type, by class name."""
    return {kind.__name__: _message(kind) for kind in published().values()}


def schemas() -> dict[str, Schema]:
    """The headers, every event's data and every nested fact, by class name.

    Raises:
        TwoFactsOneName: a name stands for two shapes.
    """
    found: dict[str, Schema] = {"CloudEventHeaders": HEADERS}
    for kind in published().values():
        data = data_schema(kind, refs=_SCHEMAS + "{model}")
        for name, schema in {**data.pop("$defs", {}), kind.__name__: data}.items():
            if found.setdefault(name, schema) != schema:
                raise TwoFactsOneName(name)
    return found


def _message(kind: type[Event]) -> dict[str, Any]:
    sample = record_of(SAMPLES[kind.type])
    return {
        "name": kind.type,
        "title": kind.__name__,
        "summary": (kind.__doc__ or "").partition("\n")[0],
        "contentType": sample["headers"]["content-type"],
        "headers": {"allOf": [{"$ref": f"{_SCHEMAS}CloudEventHeaders"}, headers_of(kind)]},
        "payload": {"$ref": f"{_SCHEMAS}{kind.__name__}"},
        "correlationId": {"$ref": "#/components/correlationIds/request"},
        "bindings": {"kafka": {"key": _key(kind), "bindingVersion": KAFKA_BINDING}},
        "examples": [{"name": "golden", "headers": sample["headers"], "payload": sample["value"]}],
    }


def _key(kind: type[Event]) -> Schema:
    return {"type": "string", "format": "uuid", "description": f"The record's key: {kind.key}."}
