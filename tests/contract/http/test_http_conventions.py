"""Every operation of every service holds to the HTTP conventions (docs/http.md)."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from baoke_chassis.patterns import BLANK
from jsonschema import Draft202012Validator

SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
SEGMENT = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*|\{[a-z][a-z0-9_]*\}|v1")
PROBLEM = "application/problem+json"

Operations = list[Any]


@pytest.fixture
def inner(operations: Operations) -> Operations:
    """The operations that callers with a token use."""
    return [operation for operation in operations if not operation.is_open]


def test_every_path_is_versioned_and_in_kebab_case(inner: Operations) -> None:
    for operation in inner:
        version, *segments = operation.path.strip("/").split("/")
        assert version == "v1", operation
        assert all(SEGMENT.fullmatch(segment) for segment in segments), operation


def test_every_name_is_snake_case(operations: Operations) -> None:
    wrong = {
        (str(operation), name)
        for operation in operations
        for names in (
            operation.parameters("path"),
            operation.parameters("query"),
            *(schema["properties"] for schema in operation.schemas() if isinstance(schema.get("properties"), dict)),
        )
        for name in names
        if not SNAKE.fullmatch(name)
    }
    assert wrong == set()


def test_every_enum_is_lower_snake_case(operations: Operations) -> None:
    wrong = {
        (str(operation), value)
        for operation in operations
        for schema in (*operation.schemas(), *operation.parameters("query").values())
        for value in operation.resolved(schema).get("enum", ())
        if isinstance(value, str) and not SNAKE.fullmatch(value)
    }
    assert wrong == set()


def test_every_operation_is_summed_up_described_and_named_once(openapi: dict[str, Any], operations: Operations) -> None:
    names = Counter(operation.spec["operationId"] for operation in operations)

    assert [name for name, count in names.items() if count > 1 or not SNAKE.fullmatch(name)] == []
    assert [str(each) for each in operations if not each.spec.get("summary") or not each.spec.get("description")] == []
    assert openapi["info"]["title"]
    assert openapi["info"]["description"]


def test_every_operation_names_the_statuses_and_the_problems_that_it_can_answer_with(inner: Operations) -> None:
    for operation in inner:
        expected = {"401", "403", "422", "503"} | ({"413"} if "requestBody" in operation.spec else set())
        assert expected <= operation.problems.keys(), operation
        for status, answer in operation.problems.items():
            schema = answer["content"][PROBLEM]["schema"]
            assert schema["allOf"] == [{"$ref": "#/components/schemas/Problem"}]
            assert schema["properties"]["status"] == {"const": int(status)}
            for name in schema["properties"]["type"]["enum"]:
                assert f"`{name.removeprefix('/problems/')}`: " in answer["description"], (operation, name)


def test_no_operation_hides_behind_a_wildcard(operations: Operations) -> None:
    wild = {status for operation in operations for status in operation.spec["responses"] if not status.isdigit()}

    assert wild == set()


def test_every_write_takes_an_idempotency_key(inner: Operations) -> None:
    for operation in inner:
        assert ("Idempotency-Key" in operation.parameters("header")) is (operation.method != "get"), operation


def test_what_carries_an_etag_when_it_is_shown_may_be_changed_with_if_match(inner: Operations) -> None:
    for operation in inner:
        if "If-Match" in operation.parameters("header"):
            assert "412" in operation.problems, operation
            [shown] = [each for each in inner if (each.method, each.path) == ("get", operation.path)]
            assert "ETag" in shown.spec["responses"]["200"]["headers"], operation


def test_every_list_is_paged_by_a_cursor(inner: Operations) -> None:
    for operation in inner:
        answer = operation.answer or {}
        properties, asked = answer.get("properties", {}), operation.parameters("query")
        is_page = properties and properties.keys() <= {"items", "next_cursor"}
        if operation.method == "get" and (is_page or "next_cursor" in properties or "cursor" in asked):
            assert {"items", "next_cursor"} <= properties.keys(), operation
            assert {"limit", "cursor"} <= asked.keys(), operation
            assert (asked["limit"]["default"], asked["limit"]["maximum"]) == (50, 200), operation


def test_no_answer_is_a_bare_list(inner: Operations) -> None:
    assert [str(operation) for operation in inner if (operation.answer or {}).get("type") == "array"] == []


def test_batches_answer_item_by_item(inner: Operations) -> None:
    for operation in inner:
        if operation.path.endswith("/batch"):
            assert "results" in operation.answer["properties"], operation
            results = operation.resolved(operation.answer["properties"]["results"]["items"])
            assert {"index", "status"} <= results["properties"].keys(), operation


@pytest.mark.parametrize(
    ("ending", "wanted"),
    [
        (r".*_cents|.*_km|km|points|.*_points", {"type": "integer"}),
        (r".*_at", {"type": "string", "format": "date-time"}),
        (r".*_on|birthday", {"type": "string", "format": "date"}),
        (r".*_id", {"type": "string"}),
    ],
)
def test_a_name_says_its_unit(operations: Operations, ending: str, wanted: dict[str, str]) -> None:
    wrong = {
        (str(operation), name)
        for operation in operations
        for schema in operation.schemas()
        if isinstance(schema.get("properties"), dict)
        for name, node in schema["properties"].items()
        if re.fullmatch(ending, name)
        for form in node.get("anyOf", [node])
        if form.get("type") not in {"null", "object"} and "$ref" not in form and not wanted.items() <= form.items()
    }
    assert wrong == set()


def test_patterns_mean_the_same_in_every_language(operations: Operations) -> None:
    patterns = {
        pattern
        for operation in operations
        for schema in operation.schemas()
        if isinstance(pattern := schema.get("pattern"), str)
    }

    assert [each for each in patterns if re.search(r"\\[dDwWsS]", each.replace(BLANK, ""))] == []


def test_every_reference_leads_somewhere(openapi: dict[str, Any], references: Callable[[Any], set[str]]) -> None:
    there = {f"#/components/{kind}/{name}" for kind in ("schemas", "responses") for name in openapi["components"][kind]}

    assert references(openapi) - there == set()


def test_every_body_has_an_example_that_fits_its_own_schema(inner: Operations) -> None:
    for operation in inner:
        if operation.body is not None:
            schema = {**operation.body, "components": operation.components}
            Draft202012Validator(schema).validate(operation.example)


def test_every_operation_asks_who_is_calling(inner: Operations) -> None:
    assert [str(operation) for operation in inner if not operation.spec.get("security")] == []
