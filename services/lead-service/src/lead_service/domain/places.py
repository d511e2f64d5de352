"""Places in somebody else's document: a JSON pointer (RFC 6901), or dots and brackets as people write them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LONGEST_PLACE = 200
DEEPEST = 20

_STEP = re.compile(r"[^.\[\]]+")


def steps_of(place: str) -> tuple[str, ...]:
    """The names and indexes on the way to a place: `/attr/store_code`, `attr.store_code`, `leads[0].phone`.

    The empty text is the whole document.

    Raises:
        ValueError: it is too long, or has an empty step where dots are used.
    """
    if len(place) > LONGEST_PLACE or "\x00" in place:
        raise ValueError(f"a place has at most {LONGEST_PLACE} characters, and no NUL among them")
    if place.startswith("/"):
        return tuple(part.replace("~1", "/").replace("~0", "~") for part in place[1:].split("/"))
    if not re.fullmatch(r"([^.\[\]]+(\[[^.\[\]]+\])*(\.(?=[^.])|$))*", place):
        raise ValueError(f"{place!r} is no place: write a.b[0].c, or a JSON pointer such as /a/b/0/c")
    return tuple(_STEP.findall(place))


def find(document: Any, steps: Sequence[str]) -> Any:
    """What is at the place; None where there is nothing.

    A name that holds the dots itself, as a form's field may, is found too.
    """
    if not steps:
        return document
    if isinstance(document, Mapping):
        for taken in range(len(steps), 0, -1):
            name = ".".join(steps[:taken])
            if name in document:
                return find(document[name], steps[taken:])
    if isinstance(document, Sequence) and not isinstance(document, str) and steps[0].isdecimal():
        at = int(steps[0])
        return find(document[at], steps[1:]) if at < len(document) else None
    return None


def replaced(document: Any, steps: Sequence[str], value: Any) -> Any:
    """The document with `value` at a place that it has; one that it does not have is left alone."""
    if not steps:
        return value
    if isinstance(document, Mapping) and steps[0] in document:
        return {**document, steps[0]: replaced(document[steps[0]], steps[1:], value)}
    return document


def pointer(steps: Sequence[str | int]) -> str:
    """The place as a JSON pointer, with `?` for what UTF-8 cannot say."""
    place = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
    return place.encode(errors="replace").decode()


def leaves(document: Any, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a document that holds a value other than null, an empty text, or a container.

    What is nested deeper than `DEEPEST` is one place.
    """
    if len(steps) == DEEPEST:
        yield steps
    elif isinstance(document, Mapping):
        for name, part in document.items():
            yield from leaves(part, (*steps, name))
    elif isinstance(document, list):
        for at, part in enumerate(document):
            yield from leaves(part, (*steps, at))
    elif document not in (None, ""):
        yield steps
