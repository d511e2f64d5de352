"""An OpenAPI document as operations that can be compared."""

from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its method and path, its specification, and the components that it refers to."""

    name: str
    spec: dict[str, Any]
    components: dict[str, Any]

    @property
    def schemas(self) -> dict[str, Any]:
        """The document's schemas by name."""
        return dict(self.components.get("schemas", {}))

    @property
    def admits(self) -> set[str] | None:
        """Who may call it, as `<security scheme> <role or scope>`; None where everybody may."""
        ways = self.spec.get("security")
        return None if ways is None else {f"{scheme} {name}" for way in ways for scheme in way for name in way[scheme]}

    @property
    def parameters(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Its parameters by place and name."""
        return {(each["in"], each["name"]): each for each in self.spec.get("parameters", [])}

    @property
    def body(self) -> dict[str, Any] | None:
        """What callers send, by media type under `content`."""
        return self.spec.get("requestBody")

    @property
    def successes(self) -> dict[str, dict[str, Any]]:
        """The answers of a call that worked, by status."""
        return {status: answer for status, answer in self.spec["responses"].items() if status < "300"}

    @property
    def problems(self) -> set[str]:
        """Every problem it can answer with, as `<status> <type>`."""
        refused = ((status, self._resolved(each)) for status, each in self.spec["responses"].items() if status >= "300")
        return {f"{status} {name}" for status, each in refused for name in _types(each)}

    def _resolved(self, answer: dict[str, Any]) -> dict[str, Any]:
        shared: dict[str, dict[str, Any]] = self.components.get("responses", {})
        return shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer


def operations_of(document: dict[str, Any]) -> dict[str, Operation]:
    """The operations of a document by `METHOD path`, in its order."""
    return {
        f"{method.upper()} {path}": Operation(f"{method.upper()} {path}", spec[method], document.get("components", {}))
        for path, spec in document["paths"].items()
        for method in METHODS
        if method in spec
    }


def _types(answer: dict[str, Any]) -> list[str]:
    schema = answer.get("content", {}).get("application/problem+json", {}).get("schema", {})
    types: list[str] = schema.get("properties", {}).get("type", {}).get("enum", [])
    return types
