"""`make contract`: what the platform promised, beside what it says today; `make contract ACCEPT=1` promises the new.

Two kinds of promises: events (`libs/events/schemas`, `docs/asyncapi.yaml`, `docs/events.md`) and HTTP interfaces
(`docs/openapi/<service>.json`). What would break consumers or callers is never written.
"""

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from baoke_chassis.database import Database
from baoke_chassis.http import build_api
from baoke_chassis.http_contracts.snapshots import BreaksCallers, Snapshots
from baoke_events.contracts.__main__ import main as events

from baoke_local.platform import PACKAGES


def main(arguments: Sequence[str] | None = None) -> int:
    """Check or accept both kinds; 0 if all stand."""
    parser = argparse.ArgumentParser(prog="make contract", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="store what changed, unless it breaks somebody")
    parser.add_argument("--root", type=Path, default=Path(), help="the repository's folder (default: this one)")
    asked = parser.parse_args(arguments)
    of_events = events(["write" if asked.accept else "check", "--root", str(asked.root)])
    snapshots, today = Snapshots(asked.root / "docs" / "openapi"), openapi_documents()
    of_http = accept(snapshots, today) if asked.accept else check(snapshots, today)
    return of_events or of_http


def check(snapshots: Snapshots, today: Mapping[str, Any]) -> int:
    """0 if every stored OpenAPI document is today's; otherwise every change is said, with its verdict."""
    changes = [f"{service}: {change}" for service, found in snapshots.changes(today).items() for change in found]
    stale = snapshots.stale(today)
    if not stale:
        _say(f"{len(today)} HTTP interfaces stand as published.")
        return 0
    new = [f"{service}: is not stored" for service in stale if snapshots.stored(service) is None]
    _say(*changes, *new, "`make contract ACCEPT=1` stores what breaks nobody.")
    return 1


def accept(snapshots: Snapshots, today: Mapping[str, Any]) -> int:
    """Today's OpenAPI documents are stored; 1 where one would break callers."""
    try:
        changed = snapshots.accept(today)
    except BreaksCallers as refusal:
        _say(str(refusal), "Keep the old beside the new, or take it out of docs/openapi by hand to break it knowingly.")
        return 1
    _say(*(f"written: docs/openapi/{service}.json" for service in changed))
    return 0


def openapi_documents() -> dict[str, Any]:
    """The OpenAPI document of every service by its name, as its code says it today; needs no database."""
    documents = {}
    for package in PACKAGES:
        settings = importlib.import_module(f"{package}.settings").Settings(database_url="unused")
        service = importlib.import_module(f"{package}.app").service(settings)
        nowhere = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none", service=service.name)
        documents[service.name] = build_api(service, nowhere).openapi()
    return documents


def _say(*lines: str) -> None:
    print(*lines, sep="\n", file=sys.stdout)  # noqa: T201 - a command line tool speaks here


if __name__ == "__main__":
    sys.exit(main())
