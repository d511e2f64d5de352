"""`python -m baoke_events.contracts write|check`: keep the stored contracts and the catalogue of one mind."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from baoke_events.contracts.documents import stale_documents, write_documents
from baoke_events.contracts.drafts import drafts
from baoke_events.contracts.revision import BreaksContract, breaks, revise, stale
from baoke_events.contracts.shelf import Shelf


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 if the contracts stand."""
    parser = argparse.ArgumentParser(prog="python -m baoke_events.contracts", description=__doc__)
    parser.add_argument("command", choices=("write", "check"))
    parser.add_argument("--root", type=Path, default=Path(), help="the repository's folder (default: this one)")
    chosen = parser.parse_args(arguments)
    if not (chosen.root / "libs" / "events").is_dir():
        parser.error(f"{chosen.root.resolve()} is not the repository: it has no libs/events")
    return (write if chosen.command == "write" else check)(chosen.root)


def write(root: Path) -> int:
    """The stored schemas, samples and documents are the catalogue's; 1 if a change needs a new version."""
    try:
        changed = [*revise(_shelf(root), drafts()), *write_documents(root)]
    except BreaksContract as refusal:
        return _fail(str(refusal).splitlines(), "Within a version only additions with defaults: make it a new version.")
    _say([f"written: {name}" for name in changed] or ["Nothing changed."])
    return 0


def check(root: Path) -> int:
    """0 if the stored schemas, samples and documents are the catalogue's."""
    shelf, today = _shelf(root), drafts()
    if found := breaks(shelf, today):
        return _fail(found, "Within a version only additions with defaults: make it a new version.")
    if found := [*stale(shelf, today), *stale_documents(root)]:
        return _fail(found, "`make contract ACCEPT=1` stores it; commit what it writes.")
    _say([f"{len(today)} event types stand as published."])
    return 0


def _shelf(root: Path) -> Shelf:
    return Shelf(root / "libs" / "events" / "schemas")


def _fail(found: Sequence[str], advice: str) -> int:
    print(*found, advice, sep="\n", file=sys.stderr)  # noqa: T201 - a command line tool speaks here
    return 1


def _say(lines: Sequence[str]) -> None:
    print(*lines, sep="\n")  # noqa: T201 - a command line tool speaks here


if __name__ == "__main__":
    sys.exit(main())
