"""What a check finds wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """In which way something is wrong."""

    LOST = "lost"
    DOUBLED = "doubled"
    REORDERED = "reordered"
    MADE_UP = "made up"
    """An event without its write, an effect without its cause, a refused write that happened."""
    MISCOUNTED = "miscounted"
    """A sum, a balance or a cap does not hold."""
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, as a sentence that names it."""

    wrong: Wrong
    sentence: str

    def __str__(self) -> str:
        return f"{self.wrong}: {self.sentence}"


def once_each(what: str, expected: Iterable[str], found: Iterable[str]) -> list[Finding]:
    """Everything expected is there exactly once, on either side, and nothing else was found."""
    wanted, there = Counter(expected), Counter(found)
    twice = (wanted | there) - Counter(dict.fromkeys(wanted | there, 1))
    return [
        *(Finding(Wrong.LOST, f"{what}: {name} is missing") for name in sorted(wanted.keys() - there.keys())),
        *(Finding(Wrong.MADE_UP, f"{what}: nobody asked for {name}") for name in sorted(there.keys() - wanted.keys())),
        *(Finding(Wrong.DOUBLED, f"{what}: {name}, {more + 1} times") for name, more in sorted(twice.items())),
    ]
