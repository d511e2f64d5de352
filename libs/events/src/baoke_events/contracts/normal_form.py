"""A schema in the one form that two of them can be compared in: no references, no prose, nullability as a flag."""

from dataclasses import dataclass
from typing import Any

from baoke_events.contracts.schemas import Schema

_PROSE = {"$schema", "$id", "$defs", "title", "description", "examples", "deprecated"}


class RecursiveSchema(ValueError):
    """A fact contains itself; such a shape is not part of the published language."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One place of a schema: may it be null, and which keywords constrain it."""

    nullable: bool
    keywords: dict[str, Any]

    @property
    def properties(self) -> dict[str, Schema]:
        """The properties of an object, by name."""
        return dict(self.keywords.get("properties", {}))

    @property
    def required(self) -> set[str]:
        """The names that an object must carry."""
        return set(self.keywords.get("required", ()))

    @property
    def allowed(self) -> list[Any] | None:
        """The values a place is confined to, or `None` where it is not."""
        return [self.keywords["const"]] if "const" in self.keywords else self.keywords.get("enum")


def bare(schema: Schema) -> Schema:
    """The schema with every reference replaced by what it refers to, and without prose.

    Raises:
        RecursiveSchema: a definition refers to itself.
    """
    return _bare(schema, schema.get("$defs", {}), ())


def _bare(node: Schema, definitions: dict[str, Schema], within: tuple[str, ...]) -> Schema:
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        if name in within:
            raise RecursiveSchema(name)
        target = _bare(definitions[name], definitions, (*within, name))
        return {**target, **_bare({k: v for k, v in node.items() if k != "$ref"}, definitions, within)}
    return {k: _bare_keyword(k, v, definitions, within) for k, v in node.items() if k not in _PROSE}


def _bare_keyword(keyword: str, value: Any, definitions: dict[str, Schema], within: tuple[str, ...]) -> Any:
    if keyword == "properties":
        return {name: _bare(node, definitions, within) for name, node in value.items()}
    if keyword in {"anyOf", "oneOf", "allOf", "prefixItems"}:
        return [_bare(node, definitions, within) for node in value]
    holds_schema = keyword in {"items", "additionalProperties", "propertyNames", "contains"}
    return _bare(value, definitions, within) if holds_schema and isinstance(value, dict) else value


def shape(node: Schema) -> Shape:
    """The shape of one place of a bare schema; `X or null` becomes X that is nullable."""
    branches = node.get("anyOf", [])
    others = [branch for branch in branches if branch.get("type") != "null"]
    if len(others) == 1 and len(branches) > 1:
        return Shape(nullable=True, keywords={**others[0], **{k: v for k, v in node.items() if k != "anyOf"}})
    return Shape(nullable=node.get("type") == "null", keywords=node)
