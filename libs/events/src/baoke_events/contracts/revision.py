"""From the stored contracts to the catalogue's: what may be written, and what is stale."""

from collections.abc import Iterator, Mapping, Sequence

from baoke_events.contracts.compat import breaking, compare
from baoke_events.contracts.drafts import Contract
from baoke_events.contracts.shelf import Shelf
from baoke_events.contracts.verdicts import Rule


class BreaksContract(ValueError):
    """The catalogue says something within a version that needs a new version."""


def breaks(shelf: Shelf, drafts: Mapping[str, Contract]) -> Sequence[str]:
    """One line for each change that an older reader or an older record would not survive."""
    gone = [f"{name}: published types stay in the catalogue" for name in shelf.types() if name not in drafts]
    return gone + [
        f"{name}: {change}"
        for name, draft in drafts.items()
        for known in _known(shelf, name)
        for change in breaking(compare(known.schema, draft.schema))
    ]


def _known(shelf: Shelf, name: str) -> Sequence[Contract]:
    current = shelf.current(name)
    return [*shelf.former(name), current] if current else []


def stale(shelf: Shelf, drafts: Mapping[str, Contract]) -> Sequence[str]:
    """One line for each difference between a stored contract and the catalogue's."""
    return [
        f"{name}: {difference}" for name, draft in drafts.items() for difference in _differences(shelf, name, draft)
    ]


def _differences(shelf: Shelf, name: str, draft: Contract) -> Iterator[str]:
    stored = shelf.current(name)
    if stored is None:
        yield "is not stored"
        return
    yield from map(str, compare(stored.schema, draft.schema))
    if stored.sample != draft.sample:
        yield "the golden sample is another"


def revise(shelf: Shelf, drafts: Mapping[str, Contract]) -> Sequence[str]:
    """The drafts are stored; returns the types that are new or changed. What is superseded is kept.

    Raises:
        BreaksContract: a draft breaks what was published; nothing was written.
    """
    if found := breaks(shelf, drafts):
        raise BreaksContract("\n".join(found))
    changed = [name for name, draft in drafts.items() if shelf.current(name) != draft]
    for name in changed:
        _store(shelf, name, drafts[name])
    return changed


def _store(shelf: Shelf, name: str, draft: Contract) -> None:
    stored = shelf.current(name)
    if stored is None or (stored.sample == draft.sample and _only_prose(stored, draft)):
        shelf.put(name, draft)
    else:
        shelf.supersede(name, draft)


def _only_prose(stored: Contract, draft: Contract) -> bool:
    return all(change.rule is Rule.PROSE_CHANGED for change in compare(stored.schema, draft.schema))
