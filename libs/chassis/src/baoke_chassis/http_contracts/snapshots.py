"""The stored OpenAPI documents, `docs/openapi/<service>.json`, beside what the services say today."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baoke_chassis.http_contracts.compare import breaking, compare
from baoke_chassis.http_contracts.verdicts import AnyChange

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshots:
    """A folder of stored documents."""

    folder: Path

    def stored(self, service: str) -> Document | None:
        """What callers of the service were promised; None where nothing was yet."""
        path = self._path(service)
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def changes(self, today: Mapping[str, Document]) -> Mapping[str, Sequence[AnyChange]]:
        """What is different today, by service; a service that is new has no changes."""
        return {
            service: compare(stored, document)
            for service, document in today.items()
            if (stored := self.stored(service)) is not None
        }

    def stale(self, today: Mapping[str, Document]) -> Sequence[str]:
        """The services whose stored document is not today's."""
        return [service for service, document in today.items() if self.stored(service) != document]

    def accept(self, today: Mapping[str, Document]) -> Sequence[str]:
        """Today's documents are stored; returns the services whose document is new or changed.

        Raises:
            BreaksCallers: a change would break callers; nothing was written.
        """
        broken = [f"{service}: {each}" for service, found in self.changes(today).items() for each in breaking(found)]
        if broken:
            raise BreaksCallers("\n".join(broken))
        changed = self.stale(today)
        for service in changed:
            self._path(service).parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(today[service], indent=1, ensure_ascii=False) + "\n"
            self._path(service).write_text(text, encoding="utf-8")
        return changed

    def _path(self, service: str) -> Path:
        return self.folder / f"{service}.json"


class BreaksCallers(ValueError):
    """An HTTP interface changed in a way that callers of before would stumble over."""
