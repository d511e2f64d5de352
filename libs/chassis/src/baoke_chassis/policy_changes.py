"""What differs between two versions of a dealer's rules, and whom the difference touches."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_chassis.bodies import Reply


class Change(Reply):
    """One value that differs. `null` stands on the side where there is none."""

    pointer: str = Field(examples=["/reactivation/cool_off_days"])
    """Where it stands (JSON pointer, RFC 6901)."""
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Effect:
    """What other rules would do to what is there now: how many, with a few of them by their ids."""

    name: str
    count: int
    examples: Sequence[UUID] = ()


PreviewPolicy = Callable[[AsyncSession, UUID, Any, Any], Awaitable[Sequence[Effect]]]
"""Answers for a dealer group what changes if its rules go from the first to the second; writes nothing."""


def changes(before: Any, after: Any, pointer: str = "") -> Iterator[Change]:
    """The values that differ between two JSON documents, in the order of their names.

    Lists of one length are compared place by place, others as a whole: a rule that was put in front of
    the others would else show as a change of each.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            yield from changes(before.get(name), after.get(name), f"{pointer}/{_escaped(name)}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from changes(one, other, f"{pointer}/{place}")
    elif before != after or isinstance(before, bool) is not isinstance(after, bool):
        yield Change(pointer=pointer, before=before, after=after)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
