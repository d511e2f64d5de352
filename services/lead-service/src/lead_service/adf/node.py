"""An element that is being read, and what of it nobody could use."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self, TypeVar
from xml.etree.ElementTree import Element

from lead_service.adf.characters import as_meant
from lead_service.adf.model import Dropped

T = TypeVar("T")

LONGEST_SHOWN = 100
"""Characters of a dropped value that are shown."""

_LINE_ENDS = ("br", "p", "div", "li", "tr")
"""Elements of HTML that end a line."""


@dataclass(slots=True)
class Node:
    """An element and its path. Reads children by name; what is left over is dropped by `finish`."""

    element: Element
    path: str
    dropped: list[Dropped]
    _read: set[str] = field(default_factory=set)

    @property
    def text(self) -> str | None:
        """The element's own text and that of its children in single spaces, or None if it has none."""
        between = " " if len(self.element) else ""
        return " ".join(as_meant(between.join(self.element.itertext())).split()) or None

    @property
    def lines(self) -> str | None:
        """The element's own text with its line breaks, those of HTML too, or None if it has none."""
        lines = (" ".join(line.split()) for line in as_meant("".join(_pieces(self.element))).splitlines())
        return "\n".join(line for line in lines if line) or None

    def attribute(self, name: str) -> str | None:
        """An attribute's value, or None if it is missing or blank."""
        return as_meant(self.element.get(name, "")).strip() or None

    def children(self, name: str) -> list["Node"]:
        """All children of that name."""
        self._read.add(name)
        found = [child for child in self.element if child.tag == name]
        numbered = len(found) > 1
        return [
            Node(child, f"{self.path}/{name}[{number}]" if numbered else f"{self.path}/{name}", self.dropped)
            for number, child in enumerate(found, 1)
        ]

    def child(self, name: str) -> "Node":
        """The first child of that name, an empty one if there is none. Any further ones are dropped."""
        first, *more = self.children(name) or [Node(Element(name), f"{self.path}/{name}", self.dropped)]
        for other in more:
            other.drop("ADF has one; the first is kept")
        return first

    def primary(self, name: str) -> "Node":
        """The child of that name that is marked primary, else the first, or an empty one. Others are dropped."""
        found = self.children(name) or [Node(Element(name), f"{self.path}/{name}", self.dropped)]
        first = next((child for child in found if child.attribute(f"primary{name}") in ("1", "true")), found[0])
        for other in found:
            if other is not first:
                other.drop(f"one {name} is kept")
        return first

    def value(self, *names: str) -> str | None:
        """The text of the first child of that name, or of the first of these names that says something."""
        return next((text for name in names if (text := self.child(name).text)), None)

    def values(self, *names: str) -> dict[str, str]:
        """The texts of the first children of these names, where there are some."""
        return {name: text for name in names if (text := self.value(name))}

    def converted(self, convert: Callable[[str], T]) -> T | None:
        """The text as `convert` reads it. Dropped if it raises ValueError."""
        if (text := self.text) is None:
            return None
        try:
            return convert(text)
        except ValueError as error:
            self.drop(str(error))
            return None

    def without(self, *names: str) -> Self:
        """These children are part of ADF and have no place in the values. Those that say something are dropped."""
        for child in (child for name in names for child in self.children(name) if child.text):
            child.drop("there is no place for it")
        return self

    def drop(self, why: str) -> None:
        """Note that this element was not used."""
        self.dropped.append(Dropped(self.path, (self.text or "")[:LONGEST_SHOWN], why))

    def finish(self) -> None:
        """Drop every child that nobody asked for."""
        for child in self.element:
            if isinstance(child.tag, str) and child.tag not in self._read:
                Node(child, f"{self.path}/{child.tag}", self.dropped).drop("not part of ADF 1.0")


def _pieces(root: Element) -> Iterator[str]:
    """The text in its order, with an end of line behind each element that ends one."""
    waiting: list[Element | str] = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
            continue
        after = part.tail or "" if part is not root else ""
        waiting.append(("\n" if part.tag in _LINE_ENDS else "") + after)
        waiting.extend(reversed(part))
        waiting.append(part.text or "")
