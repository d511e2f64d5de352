"""The fields of a fact in words, from its schema."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from baoke_events.contracts.normal_form import shape
from baoke_events.contracts.schemas import Schema
from baoke_events.event import Currency, Word


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a fact: its name, what values it has, what its absence means, what it says."""

    name: str
    form: str
    default: str
    meaning: str


def fields(schema: Schema) -> Sequence[Field]:
    """The fields of an event's schema, or of a nested fact's, in order."""
    required = set(schema.get("required", ()))
    return [
        Field(
            name=name,
            form=form(node),
            default="" if name in required else _default(node),
            meaning=node.get("description", ""),
        )
        for name, node in schema["properties"].items()
    ]


def form(node: Schema) -> str:
    """The values of one place in a few words, such as `integer 0 to 100` or `list of DueItem`."""
    if "$ref" in node:
        return str(node["$ref"].rpartition("/")[2])
    keywords = shape(node).keywords
    if keywords.get("type") == "array":
        return f"list of {form(keywords['items'])}" + (", not empty" if keywords.get("minItems") else "")
    if "enum" in keywords:
        return " or ".join(map(str, keywords["enum"]))
    named = _NAMED.get(keywords.get("pattern", "")) or keywords.get("format") or _text(keywords)
    return str(named or f"{keywords.get('type', 'any')}{_bounds(keywords)}")


def _pattern(annotated: Any) -> str:
    return str(get_args(annotated)[1].pattern)


_NAMED = {_pattern(Word): "word", _pattern(Currency): "currency"}


def _text(keywords: dict[str, Any]) -> str | None:
    if keywords.get("type") != "string":
        return None
    return f"text up to {keywords['maxLength']}" if "maxLength" in keywords else "text"


def _bounds(keywords: dict[str, Any]) -> str:
    low, high = keywords.get("minimum"), keywords.get("maximum")
    if "exclusiveMinimum" in keywords:
        return f" above {keywords['exclusiveMinimum']}"
    if low is not None and high is not None:
        return f" {low} to {high}"
    return f" from {low}" if low is not None else ""


def _default(node: Schema) -> str:
    return "empty" if node.get("default") == [] else f"`{json.dumps(node.get('default'), ensure_ascii=False)}`"
