"""An element that is being read, and what of it nobody could use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self, TypeVar
from xml.etree.ElementTree import Element

from lead_service.adf.model import Dropped

T = TypeVar("T")

LONGEST_SHOWN = 100
"""Characters of a dropped value that are shown."""


@dataclass(slots=True)
class Node:
    """An element and its path. Reads children by name; what is left over is dropped by `finish`."""

    element: Element
    path: str
    dropped: list[Dropped]
    _read: set[str] = field(default_factory=set)

    @property
    def text(self) -> str | None:
        """The element's own text in single spaces, or None if it has none."""
        return " ".join("".join(self.element.itertext()).split()) or None

    def attribute(self, name: str) -> str | None:
        """An attribute's value, or None if it is missing or blank."""
        return self.element.get(name, "").strip() or None

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

    def value(self, name: str) -> str | None:
        """The text of the first child of that name."""
        return self.child(name).text

    def converted(self, convert: Callable[[str], T]) -> T | None:
        """The text as `convert` reads it. Dropped if it raises ValueError."""
        if (text := self.text) is None:
            return None
        try:
            return convert(text)
        except ValueError as error:
            self.drop(str(error))
            return None

    def ignore(self, *names: str) -> Self:
        """These children are known, and not of interest."""
        self._read.update(names)
        return self

    def drop(self, why: str) -> None:
        """Note that this element was not used."""
        self.dropped.append(Dropped(self.path, (self.text or "")[:LONGEST_SHOWN], why))

    def finish(self) -> None:
        """Drop every child that nobody asked for."""
        for child in self.element:
            if isinstance(child.tag, str) and child.tag not in self._read:
                Node(child, f"{self.path}/{child.tag}", self.dropped).drop("not part of ADF 1.0")
