"""The stored contracts: `<type>.json`, `samples/<type>.json`, and under `former/` those that they superseded.

Nothing that was published is ever taken away: consumers in the field still hold to it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baoke_events.contracts.drafts import Contract


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of stored contracts."""

    folder: Path

    def types(self) -> Sequence[str]:
        """Every event type that was ever published, by name."""
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def current(self, name: str) -> Contract | None:
        """The contract in force for a type, or `None` where none was published."""
        return self._read(*self._paths(name)) if self._paths(name)[0].exists() else None

    def former(self, name: str) -> Sequence[Contract]:
        """The superseded contracts of a type, oldest first."""
        count = len(list((self.folder / "former" / name).glob("*.schema.json")))
        return [self._read(*self._former_paths(name, number)) for number in range(1, count + 1)]

    def put(self, name: str, contract: Contract) -> None:
        """`contract` is in force; nothing is kept of the one before (see `supersede`)."""
        for path, content in zip(self._paths(name), (contract.schema, contract.sample), strict=True):
            _write(path, content)

    def supersede(self, name: str, contract: Contract) -> None:
        """`contract` is in force; the one before is kept under `former/`."""
        number = len(self.former(name)) + 1
        for now, then in zip(self._paths(name), self._former_paths(name, number), strict=True):
            _write(then, json.loads(now.read_text(encoding="utf-8")))
        self.put(name, contract)

    def _paths(self, name: str) -> tuple[Path, Path]:
        return self.folder / f"{name}.json", self.folder / "samples" / f"{name}.json"

    def _former_paths(self, name: str, number: int) -> tuple[Path, Path]:
        folder = self.folder / "former" / name
        return folder / f"{number}.schema.json", folder / f"{number}.sample.json"

    def _read(self, schema: Path, sample: Path) -> Contract:
        return Contract(*(json.loads(path.read_text(encoding="utf-8")) for path in (schema, sample)))


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
