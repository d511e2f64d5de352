"""The contract of each event type as the catalogue says it today."""

import json
from dataclasses import dataclass
from typing import Any

import baoke_events.catalogue
from baoke_events.contracts.samples import SAMPLES
from baoke_events.contracts.schemas import Schema, schema_of
from baoke_events.envelope import decode, encode
from baoke_events.event import Event

Sample = dict[str, Any]
"""A record as it lies in Kafka, readable: `headers` by name, `key`, and the parsed `value`."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What writers of an event type hold to, and a record that shows it."""

    schema: Schema
    sample: Sample


def published() -> dict[str, type[Event]]:
    """The event types of the catalogue, in the catalogue's order; types made elsewhere are nobody's contract."""
    package = f"{baoke_events.catalogue.__name__}."
    return {name: kind for name, kind in Event.registry.items() if kind.__module__.startswith(package)}


def drafts() -> dict[str, Contract]:
    """The contract of every published event type, by type.

    Raises:
        KeyError: an event type has no sample in `baoke_events.contracts.samples`.
    """
    return {name: Contract(schema_of(kind), record_of(SAMPLES[name])) for name, kind in published().items()}


def record_of(event: Event) -> Sample:
    """The record that the event's first publisher would send."""
    record = encode(event, service=event.publishers[0])
    return {
        "headers": {name: value.decode() for name, value in record.headers},
        "key": record.key,
        "value": json.loads(record.value or b"null"),
    }


def event_of(sample: Sample) -> Event | None:
    """The event that today's reader makes of a record; `None` where it does not know the type.

    Raises:
        NotACloudEvent: a required attribute is missing or malformed.
        pydantic.ValidationError: the data does not fit the type.
    """
    headers = [(name, value.encode()) for name, value in sample["headers"].items()]
    return decode(headers, json.dumps(sample["value"], ensure_ascii=False).encode())
