"""Every operation of every service refuses what it cannot take in the one way of docs/http.md."""

from typing import Any

import httpx
import pytest
from baoke_chassis.access import Role
from baoke_chassis.limits import allowance_of
from baoke_chassis.service import Service
from baoke_chassis.testing import ClientAs
from baoke_events.contracts.samples.cast import DEALER
from baoke_events.ids import uuid7
from fastapi.routing import APIRoute

Operations = list[Any]
Ids = dict[str, list[str]]

JSON = {"content-type": "application/json"}
PROBLEM = "application/problem+json"


@pytest.fixture
def inner(operations: Operations) -> Operations:
    """The operations that callers with a token use."""
    return [operation for operation in operations if not operation.is_open]


@pytest.fixture
def of_json(inner: Operations) -> Operations:
    """The operations that take JSON."""
    return [operation for operation in inner if operation.body is not None]


@pytest.fixture
def lists(inner: Operations) -> Operations:
    """The operations that answer page by page."""
    return [each for each in inner if each.method == "get" and "cursor" in each.parameters("query")]


@pytest.fixture
def owner(client_as: ClientAs) -> httpx.AsyncClient:
    """An admin of the samples' dealer."""
    return client_as(Role.ADMIN, dealer_id=DEALER)


def problem_of(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, kind, and media type of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/"), answer.headers["content-type"]


async def test_what_is_not_json_is_malformed(owner: httpx.AsyncClient, of_json: Operations, call: Any) -> None:
    for operation in of_json:
        answer = await call(owner, operation, {}, json=None, content=b"{", headers=JSON)
        assert problem_of(answer) == (400, "malformed-json", PROBLEM), operation


async def test_another_media_type_is_not_supported(owner: httpx.AsyncClient, inner: Operations, call: Any) -> None:
    for operation in inner:
        if "requestBody" in operation.spec:
            answer = await call(owner, operation, {}, json=None, content=b"x", headers={"content-type": "image/png"})
            assert problem_of(answer) == (415, "unsupported-media-type", PROBLEM), operation


async def test_too_large_a_body_is_not_read(
    owner: httpx.AsyncClient, inner: Operations, call: Any, service: Service
) -> None:
    routes = [route for router in service.load_api().routers for route in router.routes if isinstance(route, APIRoute)]
    allowed = {route.path: own.max_bytes for route in routes if (own := allowance_of(route.endpoint))}
    for operation in inner:
        if "requestBody" in operation.spec:
            announced = {"content-length": str(allowed.get(operation.path, 2_000_000) + 1)}
            answer = await call(owner, operation, {}, json=None, content=b" ", headers=JSON | announced)
            assert problem_of(answer) == (413, "body-too-large", PROBLEM), operation


async def test_an_unknown_field_is_named(owner: httpx.AsyncClient, of_json: Operations, call: Any) -> None:
    for operation in of_json:
        if isinstance(operation.example, dict):
            answer = await call(owner, operation, {}, json={**operation.example, "tpyo": 1})
            assert problem_of(answer) == (422, "invalid-input", PROBLEM), operation
            assert "/tpyo" in {error["pointer"] for error in answer.json()["errors"]}, operation


async def test_an_unknown_parameter_is_named(owner: httpx.AsyncClient, inner: Operations, call: Any) -> None:
    for operation in inner:
        answer = await call(owner, operation, {}, params={"tpyo": "1"})
        assert problem_of(answer) == (422, "invalid-input", PROBLEM), operation
        assert {"pointer": "tpyo", "message": "There is no such parameter"} in answer.json()["errors"], operation


async def test_an_id_that_is_none_is_named(owner: httpx.AsyncClient, inner: Operations, call: Any) -> None:
    for operation in inner:
        for name, schema in operation.parameters("path").items():
            if schema.get("format") == "uuid":
                answer = await call(owner, operation, {name: ["not-an-id"]})
                assert problem_of(answer) == (422, "invalid-input", PROBLEM), operation
                assert name in {error["pointer"] for error in answer.json()["errors"]}, operation


async def test_a_method_that_a_path_does_not_have_is_refused_with_those_it_has(
    owner: httpx.AsyncClient, inner: Operations
) -> None:
    by_path: dict[str, set[str]] = {}
    for operation in inner:
        by_path.setdefault(operation.path, set()).add(operation.method.upper())
    for path, methods in by_path.items():
        answer = await owner.request("TRACE", path)
        assert problem_of(answer) == (405, "method-not-allowed", PROBLEM), path
        assert answer.headers["allow"] == ", ".join(sorted(methods)), path


async def test_a_cursor_of_nobodys_and_a_limit_out_of_bounds_are_refused(
    owner: httpx.AsyncClient, lists: Operations, call: Any
) -> None:
    for operation in lists:
        assert problem_of(await call(owner, operation, {}, params={"cursor": "x"}))[:2] == (400, "invalid-cursor")
        for limit in ("0", "201", "many"):
            assert problem_of(await call(owner, operation, {}, params={"limit": limit}))[0] == 422, operation


async def test_a_list_read_one_by_one_is_the_list_read_at_once(
    owner: httpx.AsyncClient, lists: Operations, settled: Ids, call: Any
) -> None:
    for operation in lists:
        whole = await call(owner, operation, settled)
        if whole.status_code == 404:
            continue
        items: list[Any] = []
        page = {"next_cursor": None}
        while len(items) <= len(whole.json()["items"]):
            cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
            page = (await call(owner, operation, settled, more={"limit": 1, **cursor})).json()
            items += page["items"]
            if page["next_cursor"] is None:
                break
        assert items == whole.json()["items"], operation


async def test_a_stale_etag_changes_nothing(
    owner: httpx.AsyncClient, inner: Operations, settled: Ids, call: Any
) -> None:
    for operation in inner:
        if "If-Match" in operation.parameters("header"):
            answer = await call(owner, operation, settled, headers={"If-Match": '"999999"'})
            assert problem_of(answer)[0] == 412, operation


async def test_a_write_that_is_sent_twice_under_a_key_is_done_once(
    owner: httpx.AsyncClient, inner: Operations, settled: Ids, call: Any
) -> None:
    for operation in inner:
        if operation.method == "get":
            continue
        key = {"Idempotency-Key": f"{operation}"}
        ids = {name: [str(uuid7())] for name in operation.path_names} | settled
        first = await call(owner, operation, ids, headers=key)
        if first.is_success and "no-store" not in first.headers.get("cache-control", ""):
            again = await call(owner, operation, ids, headers=key)
            other = await call(owner, operation, ids, headers=key | JSON, json=None, content=b"another")
            assert (again.status_code, again.content) == (first.status_code, first.content), operation
            assert again.headers["idempotent-replayed"] == "true", operation
            assert problem_of(other)[:2] == (422, "idempotency-key-reused"), operation
