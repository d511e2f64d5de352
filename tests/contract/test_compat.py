"""Each kind of change, planted into one schema: what it is called, and a record that proves whom it breaks."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from baoke_events.contracts.compat import breaking, compare
from baoke_events.contracts.normal_form import RecursiveSchema
from baoke_events.contracts.schemas import Schema, opened
from baoke_events.contracts.verdicts import Change, Rule, Side
from jsonschema import Draft202012Validator

SCHEMA: Schema = {
    "title": "CarSold",
    "description": "A car was sold.",
    "x-topic": "baoke.cars",
    "x-key": "car_id",
    "type": "object",
    "required": ["car_id", "km", "grade", "lines"],
    "properties": {
        "car_id": {"type": "string", "format": "uuid"},
        "km": {"type": "integer", "minimum": 0, "maximum": 1000},
        "grade": {"type": "string", "enum": ["a", "b"]},
        "code": {"type": "string", "pattern": "^[a-z]+$", "default": "x"},
        "note": {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}], "default": None},
        "price": {"type": "number", "default": 0},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}, "minItems": 1},
    },
    "additionalProperties": False,
    "$defs": {
        "Line": {
            "type": "object",
            "required": ["cents"],
            "properties": {"cents": {"type": "integer"}},
            "additionalProperties": False,
        }
    },
}
RECORD: dict[str, Any] = {"car_id": "c", "km": 10, "grade": "a", "lines": [{"cents": 1}]}


@dataclass(frozen=True)
class Planted:
    """A change to the schema, and the record that the stumbling side cannot read where there is one."""

    rule: Rule
    place: str
    change: Callable[[Schema], object]
    before: dict[str, Any] | None = None
    """Written before the change; today's reader refuses it."""
    after: dict[str, Any] | None = None
    """Written after the change; a reader of before refuses it."""


def without(*names: str) -> dict[str, Any]:
    """The record without some of its fields."""
    return {name: value for name, value in RECORD.items() if name not in names}


PLANTED = [
    Planted(Rule.OPTIONAL_ADDED, "trim", lambda s: s["properties"].update(trim={"type": "string", "default": ""})),
    Planted(Rule.PROSE_CHANGED, "schema", lambda s: s.update(description="A car found its owner.")),
    Planted(
        Rule.REQUIRED_ADDED,
        "vin",
        lambda s: (s["properties"].update(vin={"type": "string"}), s["required"].append("vin")),
        before=RECORD,
    ),
    Planted(Rule.ADDED_WITHOUT_DEFAULT, "vin", lambda s: s["properties"].update(vin={"type": "string"})),
    Planted(
        Rule.REQUIRED_REMOVED,
        "km",
        lambda s: (s["properties"].pop("km"), s["required"].remove("km")),
        after=without("km"),
    ),
    Planted(Rule.OPTIONAL_REMOVED, "note", lambda s: s["properties"].pop("note")),
    Planted(Rule.BECAME_REQUIRED, "code", lambda s: s["required"].append("code"), before=RECORD),
    Planted(Rule.BECAME_OPTIONAL, "km", lambda s: s["required"].remove("km"), after=without("km")),
    Planted(Rule.DEFAULT_CHANGED, "code", lambda s: s["properties"]["code"].update(default="y")),
    Planted(
        Rule.TYPE_CHANGED,
        "grade",
        lambda s: s["properties"].update(grade={"type": "integer", "enum": ["a", "b"]}),
        before=RECORD,
    ),
    Planted(
        Rule.TYPE_NARROWED,
        "price",
        lambda s: s["properties"]["price"].update(type="integer"),
        before={**RECORD, "price": 1.5},
    ),
    Planted(
        Rule.TYPE_WIDENED,
        "km",
        lambda s: s["properties"]["km"].update(type="number"),
        after={**RECORD, "km": 1.5},
    ),
    Planted(
        Rule.NULLABLE_REMOVED,
        "note",
        lambda s: s["properties"].update(note={"type": "string", "maxLength": 5, "default": None}),
        before={**RECORD, "note": None},
    ),
    Planted(
        Rule.NULLABLE_ADDED,
        "km",
        lambda s: s["properties"].update(km={"anyOf": [s["properties"]["km"], {"type": "null"}]}),
        after={**RECORD, "km": None},
    ),
    Planted(Rule.ENUM_NARROWED, "grade", lambda s: s["properties"]["grade"].update(enum=["b"]), before=RECORD),
    Planted(
        Rule.ENUM_NARROWED, "code", lambda s: s["properties"]["code"].update(const="x"), before={**RECORD, "code": "z"}
    ),
    Planted(
        Rule.ENUM_WIDENED,
        "grade",
        lambda s: s["properties"]["grade"].update(enum=["a", "b", "c"]),
        after={**RECORD, "grade": "c"},
    ),
    Planted(Rule.ENUM_WIDENED, "grade", lambda s: s["properties"]["grade"].pop("enum"), after={**RECORD, "grade": "c"}),
    Planted(
        Rule.BOUNDS_TIGHTENED,
        "km",
        lambda s: s["properties"]["km"].update(maximum=9),
        before=RECORD,
    ),
    Planted(Rule.BOUNDS_TIGHTENED, "km", lambda s: s["properties"]["km"].update(minimum=11), before=RECORD),
    Planted(
        Rule.BOUNDS_TIGHTENED,
        "code",
        lambda s: s["properties"]["code"].update(minLength=2),
        before={**RECORD, "code": "z"},
    ),
    Planted(
        Rule.BOUNDS_TIGHTENED,
        "note",
        lambda s: s["properties"]["note"]["anyOf"][0].update(maxLength=3),
        before={**RECORD, "note": "four"},
    ),
    Planted(
        Rule.BOUNDS_LOOSENED,
        "km",
        lambda s: s["properties"]["km"].update(minimum=-1),
        after={**RECORD, "km": -1},
    ),
    Planted(
        Rule.BOUNDS_LOOSENED, "lines", lambda s: s["properties"]["lines"].pop("minItems"), after={**RECORD, "lines": []}
    ),
    Planted(
        Rule.PATTERN_ADDED,
        "note",
        lambda s: s["properties"]["note"]["anyOf"][0].update(pattern="^x"),
        before={**RECORD, "note": "y"},
    ),
    Planted(
        Rule.PATTERN_REMOVED, "code", lambda s: s["properties"]["code"].pop("pattern"), after={**RECORD, "code": "Z"}
    ),
    Planted(
        Rule.PATTERN_CHANGED,
        "code",
        lambda s: s["properties"]["code"].update(pattern="^[A-Z]+$"),
        before={**RECORD, "code": "z"},
        after={**RECORD, "code": "Z"},
    ),
    Planted(Rule.PATTERN_CHANGED, "car_id", lambda s: s["properties"]["car_id"].update(format="uri")),
    Planted(Rule.OPENED, "schema", lambda s: s.pop("additionalProperties")),
    Planted(
        Rule.CONSTRAINT_CHANGED,
        "lines",
        lambda s: s["properties"]["lines"].update(uniqueItems=True),
        before={**RECORD, "lines": [{"cents": 1}, {"cents": 1}]},
    ),
    Planted(Rule.TOPIC_CHANGED, "schema", lambda s: s.update({"x-topic": "baoke.vehicles"})),
    Planted(Rule.KEY_CHANGED, "schema", lambda s: s.update({"x-key": "km"})),
    Planted(
        Rule.TYPE_CHANGED,
        "lines[].cents",
        lambda s: s["$defs"]["Line"]["properties"]["cents"].update(type="string"),
        before=RECORD,
        after={**RECORD, "lines": [{"cents": "1"}]},
    ),
    Planted(
        Rule.OPTIONAL_ADDED,
        "lines[].code",
        lambda s: s["$defs"]["Line"]["properties"].update(code={"type": "string", "default": ""}),
    ),
]
every_change = pytest.mark.parametrize("planted", PLANTED, ids=lambda p: f"{p.rule.name.lower()} at {p.place}")


@pytest.fixture
def changed(planted: Planted) -> Schema:
    """The schema with the change in it."""
    schema = deepcopy(SCHEMA)
    planted.change(schema)
    return schema


@every_change
def test_a_planted_change_is_found_where_it_is_and_nothing_else_is(planted: Planted, changed: Schema) -> None:
    found = compare(SCHEMA, changed)

    assert [(change.rule, change.place) for change in found] == [(planted.rule, planted.place)]


@every_change
def test_the_verdict_is_true_of_a_record(planted: Planted, changed: Schema) -> None:
    if planted.before is not None:
        assert Draft202012Validator(opened(SCHEMA)).is_valid(planted.before)
        assert not Draft202012Validator(opened(changed)).is_valid(planted.before)
        assert Side.READERS in planted.rule.breaks
    if planted.after is not None:
        assert Draft202012Validator(changed).is_valid(planted.after)
        assert not Draft202012Validator(opened(SCHEMA)).is_valid(planted.after)
        assert Side.WRITERS in planted.rule.breaks


def test_every_rule_is_planted() -> None:
    assert {planted.rule for planted in PLANTED} | {Rule.CLOSED} == set(Rule)


def test_closing_an_open_schema_breaks_readers() -> None:
    closed = compare(opened(SCHEMA), {**opened(SCHEMA), "additionalProperties": False})

    assert closed == [Change(Rule.CLOSED, "schema")]
    assert closed[0].breaks == {Side.READERS}


def test_only_additions_with_defaults_and_prose_break_nobody() -> None:
    assert {rule for rule in Rule if not rule.breaks} == {Rule.OPTIONAL_ADDED, Rule.PROSE_CHANGED}


def test_the_same_schema_has_no_changes() -> None:
    assert compare(SCHEMA, deepcopy(SCHEMA)) == []


def test_a_change_reads_as_a_sentence_for_whoever_made_it() -> None:
    change = Change(Rule.BOUNDS_TIGHTENED, "km", "maximum 1000 to 9")

    assert str(change) == "km: bounds_tightened (maximum 1000 to 9): breaks readers: older values may lie outside"


def test_several_changes_are_all_named_and_only_the_breaking_ones_need_a_version() -> None:
    new = deepcopy(SCHEMA)
    new["properties"]["trim"] = {"type": "string", "default": ""}
    new["required"].remove("km")

    assert [change.rule for change in compare(SCHEMA, new)] == [Rule.BECAME_OPTIONAL, Rule.OPTIONAL_ADDED]
    assert [change.rule for change in breaking(compare(SCHEMA, new))] == [Rule.BECAME_OPTIONAL]


def test_a_field_that_is_called_like_a_keyword_is_a_field() -> None:
    new = deepcopy(SCHEMA)
    new["properties"]["description"] = {"type": "string", "default": "", "description": "In words."}

    assert [(c.rule, c.place) for c in compare(SCHEMA, new)] == [(Rule.OPTIONAL_ADDED, "description")]


def test_a_change_behind_a_reference_in_a_mapping_is_found() -> None:
    old = deepcopy(SCHEMA)
    old["properties"]["by_code"] = {"type": "object", "additionalProperties": {"$ref": "#/$defs/Line"}, "default": {}}
    new = deepcopy(old)
    new["$defs"]["Line"]["required"] = []

    found = [(change.rule, change.place) for change in compare(old, new)]

    assert found == [(Rule.BECAME_OPTIONAL, "lines[].cents"), (Rule.CONSTRAINT_CHANGED, "by_code")]


def test_a_fact_that_contains_itself_is_refused() -> None:
    new = deepcopy(SCHEMA)
    new["$defs"]["Line"]["properties"]["part"] = {"$ref": "#/$defs/Line"}

    with pytest.raises(RecursiveSchema):
        compare(SCHEMA, new)
