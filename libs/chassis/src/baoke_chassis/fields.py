"""Kinds of fields that bodies of several services have."""

from typing import Annotated

from pydantic import Field

Km = Annotated[int, Field(ge=0, le=10_000_000)]
"""A distance, or what an odometer shows, in whole kilometres; no car was ever driven so far."""
