"""OpenAPI links: what an answer names by its id can be asked for, and worked with, next."""

import re
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]


def add_links(document: Document) -> None:
    """The success of a write that carries an id leads to the operations whose path takes that id and no other."""
    schemas = document["components"]["schemas"]
    targets = _targets(document)
    for path, operations in document["paths"].items():
        if "post" in operations and "{" not in path:
            for answer in _successes(operations["post"]):
                if links := _links(_resolved(_json(answer), schemas), targets):
                    answer["links"] = links


def _targets(document: Document) -> dict[str, list[str]]:
    """By id, the names of the operations whose path takes just that."""
    found: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        names = re.findall(r"{(\w+)}", path)
        if len(names) == 1 and names[0].endswith("_id"):
            found.setdefault(names[0], []).extend(each["operationId"] for each in operations.values())
    return found


def _successes(operation: Document) -> Iterator[Document]:
    yield from (answer for status, answer in operation["responses"].items() if status.startswith("2"))


def _json(answer: Document) -> Document:
    schema: Document = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _resolved(schema: Document, schemas: Document) -> Document:
    return _resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas) if "$ref" in schema else schema


def _links(schema: Document, targets: dict[str, list[str]]) -> Document:
    return {
        operation: {"operationId": operation, "parameters": {name: f"$response.body#/{name}"}}
        for name in schema.get("properties", {})
        for operation in targets.get(name, ())
    }
