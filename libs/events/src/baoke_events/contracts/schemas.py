"""The closed JSON Schema (draft 2020-12) of each event type: what its writers hold to."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from baoke_events.event import Event

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Untitled(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes of field names: they say nothing new."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """No field has a title; classes keep theirs."""
        del schema
        return False


def schema_of(kind: type[Event]) -> Schema:
    """The schema of an event's data, with its topic and key; unknown properties are refused."""
    data = data_schema(kind)
    return {
        "$schema": DIALECT,
        "$id": f"urn:baoke:schema:{kind.type}",
        "title": data.pop("title"),
        "description": data.pop("description"),
        "x-topic": kind.topic,
        "x-key": kind.key,
        **data,
    }


def data_schema(kind: type[Event], *, refs: str = "#/$defs/{model}") -> Schema:
    """The bare schema of an event's data as it is written, nested facts under `$defs` and referred to by `refs`."""
    generated = kind.model_json_schema(mode="serialization", ref_template=refs, schema_generator=_Untitled)
    order = ("title", "description", "type", "properties", "required", "additionalProperties", "$defs")
    return {keyword: generated[keyword] for keyword in order if keyword in generated}


def opened(schema: Schema) -> Schema:
    """The same schema as readers apply it: unknown properties are tolerated at every depth."""
    return {keyword: _opened(value) for keyword, value in schema.items() if keyword != "additionalProperties"}


def _opened(value: object) -> object:
    if isinstance(value, dict):
        return opened(value)
    return [_opened(item) for item in value] if isinstance(value, list) else value
