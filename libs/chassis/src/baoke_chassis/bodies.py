"""What crosses the wire: closed request bodies, and answers read from domain values."""

from collections.abc import Callable
from typing import Any, cast

from pydantic import BaseModel, ConfigDict
from pydantic_core import CoreSchema, core_schema

_SCALARS = frozenset({"int", "bool", "float"})
_MOMENTS = frozenset({"datetime", "date", "time"})


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: _strict(part) for name, part in schema.items()}
    kind = inner.get("type")
    if kind in _SCALARS:
        return {**inner, "strict": True}
    if kind in _MOMENTS:
        return core_schema.no_info_before_validator_function(_text, cast("CoreSchema", inner))
    return inner


def _text(value: object) -> object:
    if isinstance(value, bool | int | float):
        raise ValueError("a moment is a text, such as 2026-01-05T08:30:00Z")  # noqa: TRY004 (pydantic's way to refuse)
    return value


class Body(BaseModel):
    """A request body. Unknown fields are refused, so that a typo is not silently lost.

    JSON's types count as they stand: `"100"` and `true` are no numbers, `1` and `"yes"` no truth, and a moment is a
    text (RFC 3339). Texts still become ids, moments and enums.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True, use_attribute_docstrings=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: Callable[[Any], CoreSchema]) -> CoreSchema:
        """The model's schema, read strictly where JSON has a type of its own."""
        return cast("CoreSchema", _strict(handler(source)))


class Reply(BaseModel):
    """An answer, built from a domain value or a row of the same field names."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)
