"""The rules of change within one version of an event type, each with whom it breaks."""

from dataclasses import dataclass
from enum import Enum, StrEnum, unique


class Side(StrEnum):
    """Who stumbles over a change."""

    READERS = "readers"
    """Today's reader fails on, or misreads, a record that was written before."""
    WRITERS = "writers"
    """A reader of before fails on, or misreads, a record that today's writer sends."""


_NOBODY: frozenset[Side] = frozenset()
_READERS = frozenset({Side.READERS})
_WRITERS = frozenset({Side.WRITERS})
_BOTH = frozenset(Side)


@unique
class Rule(Enum):
    """A kind of change: whom it breaks, and why."""

    OPTIONAL_ADDED = _NOBODY, "a property with a default was added"
    PROSE_CHANGED = _NOBODY, "only words for people changed"

    REQUIRED_ADDED = _READERS, "records written before do not carry the new property"
    ADDED_WITHOUT_DEFAULT = _READERS, "nothing says what its absence in older records means"
    REQUIRED_REMOVED = _BOTH, "readers of before need the property"
    OPTIONAL_REMOVED = _READERS, "what older records say here is no longer heard"
    BECAME_REQUIRED = _READERS, "older records may lack the property"
    BECAME_OPTIONAL = _WRITERS, "readers of before need the property"
    DEFAULT_CHANGED = _READERS, "its absence in older records would come to mean something else"
    TYPE_CHANGED = _BOTH, "values of one type are refused by readers of the other"
    TYPE_NARROWED = _READERS, "older values of the wider type are refused"
    TYPE_WIDENED = _WRITERS, "readers of before refuse the wider type"
    NULLABLE_REMOVED = _READERS, "older records may carry null"
    NULLABLE_ADDED = _WRITERS, "readers of before refuse null"
    ENUM_NARROWED = _READERS, "older records may carry a value that is gone"
    ENUM_WIDENED = _WRITERS, "readers of before refuse the new value"
    BOUNDS_TIGHTENED = _READERS, "older values may lie outside"
    BOUNDS_LOOSENED = _WRITERS, "readers of before refuse what lies outside the old bounds"
    PATTERN_ADDED = _READERS, "older values may not have the form"
    PATTERN_REMOVED = _WRITERS, "readers of before refuse values without the form"
    PATTERN_CHANGED = _BOTH, "values of one form are refused by readers of the other"
    CLOSED = _READERS, "older records may carry properties that were free"
    OPENED = _WRITERS, "a writer's schema is closed"
    CONSTRAINT_CHANGED = _BOTH, "this keyword has no rule, so it may not change"
    TOPIC_CHANGED = _BOTH, "subscribers listen to the topic of before"
    KEY_CHANGED = _BOTH, "the order of an aggregate's records would be lost"

    def __init__(self, breaks: frozenset[Side], because: str) -> None:
        self.breaks = breaks
        self.because = because


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two schemas, at a place like `items[].due_km`."""

    rule: Rule
    place: str
    detail: str = ""

    @property
    def breaks(self) -> frozenset[Side]:
        """Whom the change breaks; nobody, where it is an addition within the version."""
        return self.rule.breaks

    def __str__(self) -> str:
        """One line: what, where, and whom it breaks for which reason."""
        what = f"{self.place}: {self.rule.name.lower()}" + (f" ({self.detail})" if self.detail else "")
        sides = " and ".join(sorted(self.breaks))
        return f"{what}: breaks {sides}: {self.rule.because}" if sides else f"{what}: {self.rule.because}"
