"""What the schemas that pydantic makes leave open, and our services do not."""

from typing import Any

Schema = dict[str, Any]

_TIME_OF_DAY = {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"}
"""`partial-time` of RFC 3339: a time of day without a zone, which JSON Schema's `format: time` would ask for."""


def make_exact(document: Schema) -> None:
    """JSON that is sent is closed, dataclasses too; a time of day is one without a zone."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    sent = [
        operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        for path in document["paths"].values()
        for operation in path.values()
    ]
    _close(sent, schemas, set())
    _tell_time(document)


def _close(node: Any, schemas: dict[str, Schema], closed: set[str]) -> None:
    """Every object in `node`, references followed, takes no property that it does not name."""
    if isinstance(node, list):
        for item in node:
            _close(item, schemas, closed)
    elif isinstance(node, dict):
        name = str(node.get("$ref", "")).rpartition("/")[2]
        if name and name not in closed:
            closed.add(name)
            _close(schemas[name], schemas, closed)
        if isinstance(node.get("properties") or node.get("patternProperties"), dict):
            node.setdefault("additionalProperties", False)
        for value in node.values():
            _close(value, schemas, closed)


def _tell_time(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _tell_time(item)
    elif isinstance(node, dict):
        if node.get("format") == "time":
            del node["format"]
            node |= _TIME_OF_DAY
        for value in node.values():
            _tell_time(value)
