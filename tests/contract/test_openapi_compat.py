"""Each kind of change, planted into one OpenAPI document: what it is called, and whether it breaks callers."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from baoke_chassis.http_contracts.compare import breaking, compare
from baoke_chassis.http_contracts.verdicts import Change, Rule, SchemaChange
from baoke_events.contracts.verdicts import Rule as SchemaRule

Document = dict[str, Any]

CAR = {
    "type": "object",
    "required": ["km", "grade", "lines"],
    "properties": {
        "km": {"type": "integer", "minimum": 0, "maximum": 1000},
        "grade": {"type": "string", "enum": ["a", "b"]},
        "code": {"type": "string", "pattern": "^[a-z]+$"},
        "note": {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}], "default": None},
        "price": {"type": "number", "default": 0},
        "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}, "minItems": 1},
    },
    "additionalProperties": False,
}
LINE = {"type": "object", "required": ["cents"], "properties": {"cents": {"type": "integer"}}}
PROBLEM = {"allOf": [{"$ref": "#/components/schemas/Problem"}], "properties": {"type": {"enum": ["/problems/sold"]}}}
DOCUMENT: Document = {
    "paths": {
        "/v1/cars/{car_id}": {
            "put": {
                "operationId": "replace_car",
                "description": "Replaces a car.",
                "security": [{"HTTPBearer": ["manager"]}, {"APIKeyHeader": ["cars:write"]}],
                "parameters": [
                    {"name": "car_id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "dry_run", "in": "query", "schema": {"type": "boolean"}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/CarIn"}}}},
                "responses": {
                    "200": {
                        "headers": {"ETag": {}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Car"}}},
                    },
                    "409": {"$ref": "#/components/responses/sold"},
                },
            },
            "delete": {"operationId": "remove_car", "responses": {"204": {}}},
        }
    },
    "components": {
        "schemas": {"Car": deepcopy(CAR), "CarIn": deepcopy(CAR), "Line": LINE},
        "responses": {"sold": {"content": {"application/problem+json": {"schema": PROBLEM}}}},
    },
}


def operation(document: Document) -> Document:
    """The operation that changes are planted in."""
    found: Document = document["paths"]["/v1/cars/{car_id}"]["put"]
    return found


@dataclass(frozen=True)
class Planted:
    """A change around the schemas."""

    rule: Rule
    place: str
    change: Callable[[Document], object]


PUT = "PUT /v1/cars/{car_id}"
ROUTES = "/v1/cars/{car_id}"
SOME = {"type": "string"}
PLANTED = [
    Planted(
        Rule.OPERATION_ADDED,
        "GET /v1/cars",
        lambda d: d["paths"].update({"/v1/cars": {"get": {"operationId": "list_cars", "responses": {"200": {}}}}}),
    ),
    Planted(Rule.OPERATION_REMOVED, f"DELETE {ROUTES}", lambda d: d["paths"][ROUTES].pop("delete")),
    Planted(Rule.OPERATION_RENAMED, PUT, lambda d: operation(d).update(operationId="put_car")),
    Planted(
        Rule.PARAMETER_ADDED,
        f"{PUT} query verbose",
        lambda d: operation(d)["parameters"].append({"name": "verbose", "in": "query", "schema": SOME}),
    ),
    Planted(
        Rule.REQUIRED_PARAMETER_ADDED,
        f"{PUT} header If-Match",
        lambda d: operation(d)["parameters"].append(
            {"name": "If-Match", "in": "header", "required": True, "schema": SOME}
        ),
    ),
    Planted(Rule.PARAMETER_REMOVED, f"{PUT} query dry_run", lambda d: operation(d)["parameters"].pop()),
    Planted(
        Rule.PARAMETER_BECAME_REQUIRED,
        f"{PUT} query dry_run",
        lambda d: operation(d)["parameters"][1].update(required=True),
    ),
    Planted(
        Rule.PARAMETER_BECAME_OPTIONAL,
        f"{PUT} path car_id",
        lambda d: operation(d)["parameters"][0].update(required=False),
    ),
    Planted(
        Rule.BODY_ADDED,
        f"DELETE {ROUTES} body",
        lambda d: d["paths"][ROUTES]["delete"].update(requestBody={"content": {"application/json": {}}}),
    ),
    Planted(Rule.BODY_REMOVED, f"{PUT} body", lambda d: operation(d).pop("requestBody")),
    Planted(
        Rule.MEDIA_TYPE_ADDED,
        f"{PUT} body",
        lambda d: operation(d)["requestBody"]["content"].update({"application/xml": {}}),
    ),
    Planted(
        Rule.MEDIA_TYPE_REMOVED,
        f"{PUT} 200",
        lambda d: operation(d)["responses"]["200"]["content"].clear(),
    ),
    Planted(Rule.SUCCESS_ADDED, f"{PUT} 202", lambda d: operation(d)["responses"].update({"202": {}})),
    Planted(
        Rule.SUCCESS_REMOVED, f"DELETE {ROUTES} 204", lambda d: d["paths"][ROUTES]["delete"]["responses"].pop("204")
    ),
    Planted(
        Rule.HEADER_ADDED, f"{PUT} 200", lambda d: operation(d)["responses"]["200"]["headers"].update({"Location": {}})
    ),
    Planted(Rule.HEADER_REMOVED, f"{PUT} 200", lambda d: operation(d)["responses"]["200"]["headers"].pop("ETag")),
    Planted(
        Rule.PROBLEM_ADDED,
        PUT,
        lambda d: d["components"]["responses"]["sold"]["content"]["application/problem+json"]["schema"]["properties"][
            "type"
        ]["enum"].append("/problems/stolen"),
    ),
    Planted(Rule.PROBLEM_REMOVED, PUT, lambda d: operation(d)["responses"].pop("409")),
    Planted(Rule.ACCESS_TIGHTENED, PUT, lambda d: operation(d)["security"].pop()),
    Planted(
        Rule.ACCESS_TIGHTENED,
        f"DELETE {ROUTES}",
        lambda d: d["paths"][ROUTES]["delete"].update(security=[{"HTTPBearer": ["manager"]}]),
    ),
    Planted(Rule.ACCESS_WIDENED, PUT, lambda d: operation(d)["security"].append({"HTTPBearer": ["advisor"]})),
    Planted(Rule.PROSE_CHANGED, "document", lambda d: operation(d).update(description="Puts another car there.")),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.rule.name.lower()} {planted.place}")
def test_a_planted_change_is_found_where_it_is_and_nothing_else_is(planted: Planted) -> None:
    changed = deepcopy(DOCUMENT)
    planted.change(changed)

    [found] = compare(DOCUMENT, changed)

    assert isinstance(found, Change)
    assert (found.rule, found.place) == (planted.rule, planted.place)
    assert list(breaking([found])) == [found] * planted.rule.breaks


def test_every_rule_is_planted() -> None:
    assert {planted.rule for planted in PLANTED} == set(Rule)


@dataclass(frozen=True)
class Grown:
    """A change inside a schema: whether callers stumble where they send it, and where they are answered with it."""

    rule: SchemaRule
    change: Callable[[Document], object]
    breaks_requests: bool
    breaks_answers: bool


SCHEMA_CHANGES = [
    Grown(SchemaRule.OPTIONAL_ADDED, lambda s: s["properties"].update(trim={**SOME, "default": ""}), False, False),
    Grown(SchemaRule.ADDED_WITHOUT_DEFAULT, lambda s: s["properties"].update(trim=SOME), False, False),
    Grown(
        SchemaRule.REQUIRED_ADDED,
        lambda s: (s["properties"].update(vin=SOME), s["required"].append("vin")),
        True,
        False,
    ),
    Grown(SchemaRule.REQUIRED_REMOVED, lambda s: (s["properties"].pop("km"), s["required"].remove("km")), True, True),
    Grown(SchemaRule.OPTIONAL_REMOVED, lambda s: s["properties"].pop("note"), True, True),
    Grown(SchemaRule.BECAME_REQUIRED, lambda s: s["required"].append("code"), True, False),
    Grown(SchemaRule.BECAME_OPTIONAL, lambda s: s["required"].remove("km"), False, True),
    Grown(SchemaRule.DEFAULT_CHANGED, lambda s: s["properties"]["price"].update(default=1), True, False),
    Grown(SchemaRule.TYPE_CHANGED, lambda s: s["properties"]["code"].update(type="integer"), True, True),
    Grown(SchemaRule.TYPE_NARROWED, lambda s: s["properties"]["price"].update(type="integer"), True, False),
    Grown(SchemaRule.TYPE_WIDENED, lambda s: s["properties"]["km"].update(type="number"), False, True),
    Grown(
        SchemaRule.NULLABLE_REMOVED,
        lambda s: s["properties"].update(note={"type": "string", "maxLength": 5, "default": None}),
        True,
        False,
    ),
    Grown(
        SchemaRule.NULLABLE_ADDED,
        lambda s: s["properties"].update(km={"anyOf": [s["properties"]["km"], {"type": "null"}]}),
        False,
        True,
    ),
    Grown(SchemaRule.ENUM_NARROWED, lambda s: s["properties"]["grade"].update(enum=["b"]), True, True),
    Grown(SchemaRule.ENUM_WIDENED, lambda s: s["properties"]["grade"].update(enum=["a", "b", "c"]), False, True),
    Grown(SchemaRule.BOUNDS_TIGHTENED, lambda s: s["properties"]["km"].update(maximum=9), True, False),
    Grown(SchemaRule.BOUNDS_LOOSENED, lambda s: s["properties"]["km"].pop("maximum"), False, True),
    Grown(SchemaRule.PATTERN_ADDED, lambda s: s["properties"]["grade"].update(pattern="^a"), True, False),
    Grown(SchemaRule.PATTERN_REMOVED, lambda s: s["properties"]["code"].pop("pattern"), False, True),
    Grown(SchemaRule.PATTERN_CHANGED, lambda s: s["properties"]["code"].update(pattern="^[A-Z]+$"), True, True),
    Grown(SchemaRule.OPENED, lambda s: s.pop("additionalProperties"), False, True),
    Grown(SchemaRule.CONSTRAINT_CHANGED, lambda s: s["properties"]["km"].update(multipleOf=5), True, True),
]
every_growth = pytest.mark.parametrize("grown", SCHEMA_CHANGES, ids=lambda grown: grown.rule.name.lower())


@every_growth
@pytest.mark.parametrize("schema", ["CarIn", "Car"], ids=["what is sent", "what is answered"])
def test_a_change_inside_a_schema_is_judged_by_the_way_it_travels(grown: Grown, schema: str) -> None:
    changed = deepcopy(DOCUMENT)
    grown.change(changed["components"]["schemas"][schema])

    [found] = compare(DOCUMENT, changed)

    assert isinstance(found, SchemaChange)
    assert (found.rule, found.is_request) == (grown.rule, schema == "CarIn")
    assert found.breaks is (grown.breaks_requests if schema == "CarIn" else grown.breaks_answers)


def test_closing_a_schema_breaks_who_sends_and_not_who_is_answered() -> None:
    opened = deepcopy(DOCUMENT)
    for name in ("Car", "CarIn"):
        del opened["components"]["schemas"][name]["additionalProperties"]

    found = [(change.rule, change.breaks) for change in compare(opened, DOCUMENT)]

    assert found == [(SchemaRule.CLOSED, True), (SchemaRule.CLOSED, False)]


def test_every_rule_of_schemas_is_judged_both_ways() -> None:
    around = {SchemaRule.CLOSED, SchemaRule.PROSE_CHANGED, SchemaRule.TOPIC_CHANGED, SchemaRule.KEY_CHANGED}

    assert {grown.rule for grown in SCHEMA_CHANGES} | around == set(SchemaRule)


def test_a_change_behind_a_reference_is_found_wherever_it_is_referred_to() -> None:
    changed = deepcopy(DOCUMENT)
    changed["components"]["schemas"]["Line"]["required"] = []

    found = [(change.place, change.breaks) for change in compare(DOCUMENT, changed)]

    assert found == [(f"{PUT} body lines[].cents", False), (f"{PUT} 200 lines[].cents", True)]


def test_the_same_document_has_no_changes() -> None:
    assert compare(DOCUMENT, deepcopy(DOCUMENT)) == []


def test_a_change_reads_as_a_sentence_for_whoever_made_it() -> None:
    changed = deepcopy(DOCUMENT)
    operation(changed)["security"].pop()
    changed["components"]["schemas"]["CarIn"]["properties"]["km"]["maximum"] = 9

    access, bounds = map(str, compare(DOCUMENT, changed))
    assert access.startswith(f"{PUT}: access_tightened (APIKeyHeader cars:write): breaks callers: callers with")
    assert bounds.startswith(f"{PUT} body km: bounds_tightened (maximum 1000 to 9): breaks callers: what callers send")
