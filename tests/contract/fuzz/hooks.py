"""What schemathesis checks beside its own: that the schemas say all that they can say of an input."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import schemathesis

UNFIT = ("/problems/malformed-json", "/problems/malformed-form", "/problems/invalid-input")

BEYOND_SCHEMAS = re.compile(
    r"Value error, .*"  # rules of ours: a check digit, one of two fields, a time zone that exists
    r"|Input should be (greater|less) than .*\d{4}-\d\d-\d\d.*"  # JSON Schema has no bounds for dates
    r"|String should have at least \d+ characters?"  # blanks around a text do not count
    r"|Input should be a valid integer"  # 1.0 is an integer to JSON Schema, and no whole number to us
    r"|[a-z].*"  # a rule about several fields, in words of ours: pydantic's begin with a capital
)


class SchemaIsTooWide(AssertionError):
    """What the schema allows was refused as unfit."""


@schemathesis.check
def valid_input_is_fit(_: Any, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """A rule may refuse what the schema allows; the schema itself may not."""
    is_said_to_fit = case.meta is not None and case.meta.generation.mode.is_positive
    is_told_by_a_schema = case.media_type in {None, "application/json"} and not _goes_on_from_nothing(case)
    if not is_said_to_fit or not is_told_by_a_schema or response.status_code not in {400, 422}:
        return
    problem = response.json()
    if problem["type"] in UNFIT and not _is_beyond_schemas(problem.get("errors", [])):
        raise SchemaIsTooWide(f"{problem['type']} {problem.get('errors') or problem.get('detail')}")


def _goes_on_from_nothing(case: schemathesis.Case) -> bool:
    """Whether it follows a link by an id that the answer before did not have, as that of a trial has none."""
    return not {None, "null"}.isdisjoint((case.path_parameters or {}).values())


def _is_beyond_schemas(errors: Sequence[Mapping[str, str]]) -> bool:
    """Whether no schema could have said so.

    Where one of several shapes would do, each says at the same place, or within it, what it misses: one reason is
    enough.
    """
    excused = [each["pointer"] for each in errors if BEYOND_SCHEMAS.fullmatch(each["message"])]
    return bool(excused) and all(any(_overlap(each["pointer"], other) for other in excused) for each in errors)


def _overlap(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
