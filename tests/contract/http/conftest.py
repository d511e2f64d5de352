"""A service's OpenAPI document as a list of operations, with examples to call them by."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
import pytest
from baoke_chassis.access import Role
from baoke_chassis.database import Database
from baoke_chassis.http import build_api
from baoke_chassis.service import Service
from baoke_chassis.testing import ClientAs
from baoke_events.consuming import Subscriptions
from baoke_events.contracts.samples import SAMPLES
from baoke_events.contracts.samples.cast import DEALER
from baoke_events.ids import uuid7

Deliver = Callable[..., Awaitable[None]]

METHODS = ("get", "post", "put", "patch", "delete")
OPEN_PATHS = ("/healthz", "/readyz", "/outbox", "/u/{token}", "/v1/intake/webhooks")
"""What needs no token: probes, the local outbox page, the unsubscribe link in a message, and signed webhooks."""


@dataclass(frozen=True, repr=False)
class Operation:
    """One operation of a service, with its references resolved."""

    method: str
    path: str
    spec: dict[str, Any]
    components: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def is_open(self) -> bool:
        """Whether it is for everybody, outside /v1 and without a token."""
        return any(self.path == path or self.path.startswith(f"{path}/") for path in OPEN_PATHS)

    @property
    def path_names(self) -> list[str]:
        """The parameters in its path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def is_of_one_thing(self) -> bool:
        """Whether its path names something of a dealer's that this platform keeps. Stores are the dealer's own data."""
        return any((name.endswith("_id") and name != "store_id") or name == "code" for name in self.path_names)

    def parameters(self, place: str) -> dict[str, Any]:
        """The schemas of its parameters in `path`, `query` or `header`, by name."""
        return {each["name"]: each["schema"] for each in self.spec.get("parameters", []) if each["in"] == place}

    @property
    def body(self) -> dict[str, Any] | None:
        """The schema of its JSON body, if it takes one."""
        content = self.spec.get("requestBody", {}).get("content", {})
        return self.resolved(content["application/json"]["schema"]) if "application/json" in content else None

    @property
    def answer(self) -> dict[str, Any] | None:
        """The schema of its JSON answer where it succeeds, if it has one."""
        for status, answer in self.spec["responses"].items():
            if status.startswith("2") and "application/json" in answer.get("content", {}):
                return self.resolved(answer["content"]["application/json"].get("schema", {}))
        return None

    @property
    def example(self) -> Any:
        """A body that works as it stands, or None where no body is needed."""
        return None if self.body is None else self.example_of(self.body)

    @property
    def problems(self) -> dict[str, Any]:
        """Its answers that are no success, by status, references followed."""
        shared = self.components.get("responses", {})
        answers = ((s, a) for s, a in self.spec["responses"].items() if not s.startswith("2"))
        return {s: shared[a["$ref"].rpartition("/")[2]] if "$ref" in a else a for s, a in answers}

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema that a reference refers to."""
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.resolved(self.components["schemas"][name]) if name else schema

    def example_of(self, schema: dict[str, Any]) -> Any:
        """The schema's own example; else one of its parts' examples."""
        schema = self.resolved(schema)
        if "examples" in schema or "example" in schema:
            return schema.get("example", schema.get("examples", [None])[0])
        if schema.get("type") == "array":
            return [self.example_of(schema["items"])]
        if "properties" in schema:
            return {name: self.example_of(schema["properties"][name]) for name in schema.get("required", ())}
        raise NoExample(f"{self}: {schema}")

    def schemas(self) -> Iterator[dict[str, Any]]:
        """Every schema that its body or answer is made of, references followed."""
        seen: set[str] = set()
        for schema in (self.body, self.answer):
            yield from self._within(schema, seen)

    def _within(self, node: Any, seen: set[str]) -> Iterator[dict[str, Any]]:
        if isinstance(node, list):
            for item in node:
                yield from self._within(item, seen)
        elif isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                if reference not in seen:
                    seen.add(reference)
                    yield from self._within(self.resolved(node), seen)
                return
            yield node
            for value in node.values():
                yield from self._within(value, seen)


class NoExample(LookupError):
    """A body cannot be filled from the document alone."""


def operations_of(document: dict[str, Any]) -> list[Operation]:
    """The operations of an OpenAPI document, in its order."""
    components = document.get("components", {})
    return [
        Operation(method, path, spec[method], components)
        for path, spec in document["paths"].items()
        for method in METHODS
        if method in spec
    ]


@pytest.fixture(scope="session")
async def openapi(service: Service) -> dict[str, Any]:
    """The service's OpenAPI document; needs no database."""
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none", service=service.name)
    document: dict[str, Any] = build_api(service, database).openapi()
    await database.close()
    return document


@pytest.fixture(scope="session")
def operations(openapi: dict[str, Any]) -> list[Operation]:
    return operations_of(openapi)


@pytest.fixture
def references() -> Callable[[Any], set[str]]:
    """Every `$ref` in a document."""

    def find(node: Any) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(find, node))
        if not isinstance(node, dict):
            return set()
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(find, node.values()))

    return find


Ids = dict[str, list[str]]
"""What is known to exist, by the name that paths and bodies call it."""


class Caller(Protocol):
    """Sends an operation with its example."""

    async def __call__(
        self, client: httpx.AsyncClient, operation: Operation, ids: Ids, *, more: Any = None, **instead: Any
    ) -> httpx.Response:
        """The answer; ids that are not known are made up. `more` parameters; `instead` of what else would be sent."""


@pytest.fixture
def call() -> Caller:
    """Calls an operation as its document says, with known ids in path, query and body."""

    async def send(
        client: httpx.AsyncClient, operation: Operation, ids: Ids, *, more: Any = None, **instead: Any
    ) -> httpx.Response:
        examples = {name: schema.get("examples") for name, schema in operation.parameters("path").items()}
        named = {name: (ids.get(name) or examples[name] or [str(uuid7())])[0] for name in operation.path_names}
        request: dict[str, Any] = {"params": {**_query(operation, ids), **(more or {})}}
        if operation.body is not None:
            request["json"] = _with_known(operation.example, ids)
        elif content := operation.spec.get("requestBody", {}).get("content"):
            media_type, example = next(iter(content.items()))
            instead["headers"] = {"content-type": media_type, **instead.get("headers", {})}
            request["content"] = example.get("example", "").encode()
        return await client.request(operation.method, operation.path.format_map(named), **{**request, **instead})

    return send


def _query(operation: Operation, ids: Ids) -> dict[str, str]:
    """What a read is asked with: known ids, and the examples of the document."""
    return {
        name: ids.get(name, [str(uuid7())])[0] if name.endswith("_id") else schema["examples"][0]
        for name, schema in operation.parameters("query").items()
        if operation.method == "get" and (name.endswith("_id") or "examples" in schema)
    }


def _with_known(body: Any, ids: Ids) -> Any:
    if isinstance(body, dict):
        return {name: ids[name][0] if name in ids else _with_known(value, ids) for name, value in body.items()}
    return [_with_known(item, ids) for item in body] if isinstance(body, list) else body


COLUMNS = {"source_id", "store_id"}
"""What a mapping may say of an id: the name of the column, or field, that has it."""


def ids_in(answer: Any) -> Iterator[tuple[str, str]]:
    """The (name, id) pairs of an answer or an event, at every depth; a code names a thing too."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            if isinstance(value, str) and (name.endswith("_id") or name == "code"):
                if value not in COLUMNS:
                    yield name, value
            else:
                yield from ids_in(value)
    elif isinstance(answer, list):
        for item in answer:
            yield from ids_in(item)


@pytest.fixture
async def settled(
    service: Service, operations: list[Operation], client_as: ClientAs, deliver: Deliver, call: Caller
) -> Ids:
    """The samples' dealer is at home in the service: its events were heard, its examples sent, its lists read.

    What no answer names, because it takes more than a call to come about, has the id that its sample says.
    """
    heard = Subscriptions.of(service.subscriptions).types
    story = sorted((event for event in SAMPLES.values() if event.type in heard), key=lambda e: e.occurred_at)
    await deliver(*story)
    known: Ids = {}
    owner = client_as(Role.ADMIN, dealer_id=DEALER)
    for event in sorted(story, key=lambda e: not e.type.endswith(".registered.v1")):
        _remember(known, json.loads(event.model_dump_json()))
    for operation in [each for each in operations if not each.is_open and each.method in {"post", "get"}] * 2:
        answer = await call(owner, operation, known)
        assert answer.status_code < 500, (operation, answer.text)
        if answer.is_success and answer.headers.get("content-type") == "application/json":
            told: Ids = {}
            _remember(told, answer.json())
            known |= {name: [*values, *known.get(name, [])] for name, values in told.items()}
    said: Ids = {}
    for event in SAMPLES.values():
        if service.name in event.publishers:
            _remember(said, json.loads(event.model_dump_json()))
    return said | known


def _remember(known: Ids, answer: Any) -> None:
    for name, value in ids_in(answer):
        if name != "store_id" and value not in known.setdefault(name, []):
            known[name].append(value)
