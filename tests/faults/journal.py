"""What the writers know: which writes were accepted, which were refused, and of which nobody knows.

One line of JSON per word, appended and flushed, so that a writer's `kill -9` loses nothing it knew.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Fate = Literal["asked", "accepted", "refused"]


@dataclass(frozen=True, slots=True)
class Write:
    """One write and its last known fate. `asked` alone means uncertain: it may have happened or not."""

    kind: str
    name: str
    """What the writer called it; unique within its kind, and kept by the platform."""
    fate: Fate
    answer: Any = None


class Journal:
    """Appends to a file of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", buffering=1)

    def asked(self, kind: str, name: str) -> None:
        """The write is about to be made."""
        self._note(kind, name, "asked", None)

    def accepted(self, kind: str, name: str, answer: Any = None) -> None:
        """The platform said that it is done."""
        self._note(kind, name, "accepted", answer)

    def refused(self, kind: str, name: str, answer: Any = None) -> None:
        """The platform said that it will not be done."""
        self._note(kind, name, "refused", answer)

    def close(self) -> None:
        """End the file."""
        self._file.close()

    def _note(self, kind: str, name: str, fate: Fate, answer: Any) -> None:
        self._file.write(json.dumps([kind, name, fate, answer]) + "\n")


def read_journals(files: Iterable[Path]) -> list[Write]:
    """Every write of the files with its last fate. A line that a kill cut short says nothing."""
    known: dict[tuple[str, str], Write] = {}
    for file in files:
        for line in file.read_text().splitlines(keepends=True):
            if line.endswith("\n"):
                kind, name, fate, answer = json.loads(line)
                known[kind, name] = Write(kind, name, fate, answer)
    return list(known.values())
