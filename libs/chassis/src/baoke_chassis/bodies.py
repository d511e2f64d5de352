"""What crosses the wire: closed request bodies, and answers read from domain values."""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A request body. Unknown fields are refused, so that a typo is not silently lost."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True, use_attribute_docstrings=True)


class Reply(BaseModel):
    """An answer, built from a domain value or a row of the same field names."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)
