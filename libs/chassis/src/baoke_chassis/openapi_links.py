"""OpenAPI links: what an answer names by its id can be asked for, and worked with, next."""

import re
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]

_LINKING = frozenset({"post", "get"})


def add_links(document: Document) -> None:
    """Each success that carries an id leads to the operations whose path takes that id and no other.

    A list leads from its first item to what shows one of its kind.
    """
    schemas = document["components"]["schemas"]
    targets = dict(_targets(document))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in _LINKING:
                for answer in _successes(operation):
                    links = _links(_resolved(_json(answer), schemas), schemas, targets)
                    links.pop(operation["operationId"], None)
                    if links and not (method == "get" and "{" in path):
                        answer["links"] = links


def _targets(document: Document) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """By id, the method and name of each operation whose path takes just that."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path, operations in document["paths"].items():
        names = re.findall(r"{(\w+)}", path)
        if len(names) == 1 and names[0].endswith("_id"):
            found.setdefault(names[0], []).extend((method, each["operationId"]) for method, each in operations.items())
    yield from found.items()


def _successes(operation: Document) -> Iterator[Document]:
    yield from (answer for status, answer in operation["responses"].items() if status.startswith("2"))


def _json(answer: Document) -> Document:
    schema: Document = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _resolved(schema: Document, schemas: Document) -> Document:
    return _resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas) if "$ref" in schema else schema


def _links(schema: Document, schemas: Document, targets: dict[str, list[tuple[str, str]]]) -> Document:
    properties = schema.get("properties", {})
    found = {
        operation: {"operationId": operation, "parameters": {name: f"$response.body#/{name}"}}
        for name in properties
        for method, operation in targets.get(name, ())
    }
    if "items" in properties:
        item = _resolved(properties["items"].get("items", {}), schemas)
        found |= {
            operation: {"operationId": operation, "parameters": {name: f"$response.body#/items/0/{name}"}}
            for name in item.get("properties", {})
            for method, operation in targets.get(name, ())
            if method == "get"
        }
    return found
