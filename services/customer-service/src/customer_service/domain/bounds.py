"""What the numbers in a dealer's rules may be."""

from dataclasses import fields
from typing import Any


def require_positive(rules: Any) -> None:
    """Go on only if every whole number in the rules is at least 1.

    Raises:
        ValueError: one is not.
    """
    for each in fields(rules):
        value = getattr(rules, each.name)
        if isinstance(value, int) and value < 1:
            raise ValueError(f"{each.name} is {value}, at least 1 is needed")
