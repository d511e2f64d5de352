"""The documents that are made from the catalogue and the services' subscriptions."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from baoke_events.contracts.asyncapi import asyncapi
from baoke_events.contracts.page import page
from baoke_events.contracts.subscribers import hearers


def documents(root: Path) -> Mapping[Path, str]:
    """What each generated document of the repository at `root` should say."""
    hearing = hearers(root / "services")
    return {root / "docs" / "asyncapi.yaml": asyncapi(hearing), root / "docs" / "events.md": page(hearing)}


def stale_documents(root: Path) -> Sequence[str]:
    """One line for each document that is not what the catalogue says."""
    return [
        f"{path.relative_to(root)}: is not what the catalogue and the subscriptions say"
        for path, text in documents(root).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def write_documents(root: Path) -> Sequence[str]:
    """The documents say what the catalogue says; returns the names of those that changed."""
    changed = [path for path, text in documents(root).items() if not path.exists() or path.read_text("utf-8") != text]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(documents(root)[path], encoding="utf-8")
    return [str(path.relative_to(root)) for path in changed]
