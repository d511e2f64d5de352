"""The rules of change between two OpenAPI documents of a service, each with whether it breaks those who call it."""

from dataclasses import dataclass
from enum import Enum, unique

from baoke_events.contracts.verdicts import Rule as SchemaRule
from baoke_events.contracts.verdicts import Side


@unique
class Rule(Enum):
    """A kind of change around the schemas: whether it breaks callers, and why."""

    OPERATION_ADDED = False, "there is more to call"
    OPERATION_REMOVED = True, "callers get 404 or 405"
    OPERATION_RENAMED = True, "generated clients call it by its operationId"
    PARAMETER_ADDED = False, "callers may leave it out"
    REQUIRED_PARAMETER_ADDED = True, "callers do not send it"
    PARAMETER_REMOVED = True, "unknown parameters are refused"
    PARAMETER_BECAME_REQUIRED = True, "callers may leave it out"
    PARAMETER_BECAME_OPTIONAL = False, "callers may go on sending it"
    BODY_ADDED = True, "callers send none"
    BODY_REMOVED = True, "what callers send is no longer heard"
    MEDIA_TYPE_ADDED = False, "callers may go on with theirs"
    MEDIA_TYPE_REMOVED = True, "callers send, or read, the one that is gone"
    SUCCESS_ADDED = True, "callers know the success by its status"
    SUCCESS_REMOVED = True, "callers wait for a status that no longer comes"
    HEADER_ADDED = False, "callers may ignore it"
    HEADER_REMOVED = True, "callers read the header"
    PROBLEM_ADDED = False, "callers treat a problem that they do not know by its status"
    PROBLEM_REMOVED = False, "callers have one case less"
    ACCESS_TIGHTENED = True, "callers with this role or scope are refused"
    ACCESS_WIDENED = False, "more may call"
    PROSE_CHANGED = False, "only words for people changed"

    def __init__(self, breaks: bool, because: str) -> None:
        self.breaks = breaks
        self.because = because


@dataclass(frozen=True, slots=True)
class Change:
    """One difference around the schemas, such as of a parameter or a status."""

    rule: Rule
    place: str
    """The operation, and where in it."""
    detail: str = ""

    @property
    def breaks(self) -> bool:
        """Whether callers of before stumble."""
        return self.rule.breaks

    @property
    def because(self) -> str:
        """Why it does, or does not."""
        return self.rule.because

    def __str__(self) -> str:
        return _sentence(self.place, self.rule.name, self.detail, breaks=self.breaks, because=self.because)


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One difference inside what callers send, or inside what they are answered."""

    rule: SchemaRule
    place: str
    is_request: bool
    detail: str = ""

    @property
    def breaks(self) -> bool:
        """Whether callers of before stumble.

        What a caller sends is read by today's service, and what it is answered was written by it: the sides of
        `baoke_events.contracts.verdicts`, but for these: callers need no word on what absence means, and an answer
        may neither lose a field nor a value that callers wait for.
        """
        if self.rule is SchemaRule.ADDED_WITHOUT_DEFAULT:
            return False
        if not self.is_request and self.rule in {SchemaRule.OPTIONAL_REMOVED, SchemaRule.ENUM_NARROWED}:
            return True
        return (Side.READERS if self.is_request else Side.WRITERS) in self.rule.breaks

    @property
    def because(self) -> str:
        """Why it does, or does not."""
        sides = ("what callers send", "what today's service takes") if self.is_request else _ANSWERED
        return f"{sides[0]} no longer fits {sides[1]}" if self.breaks else f"{sides[0]} still fits {sides[1]}"

    def __str__(self) -> str:
        return _sentence(self.place, self.rule.name, self.detail, breaks=self.breaks, because=self.because)


_ANSWERED = ("what the service answers", "what callers of before take")

AnyChange = Change | SchemaChange


def _sentence(place: str, name: str, detail: str, *, breaks: bool, because: str) -> str:
    what = f"{place}: {name.lower()}" + (f" ({detail})" if detail else "")
    return f"{what}: {'breaks callers: ' if breaks else ''}{because}"
