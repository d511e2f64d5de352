"""Watches that the versions of every key come one after the other: the proof, while it runs, that nothing is lost."""

from collections.abc import Sequence

from baoke_events.catalogue.contacts import COMPACTED
from baoke_events.envelope import Record
from baoke_events.telemetry.measures import gaps

KEYS = 50_000
"""Keys remembered per consumer, those heard of last: about 10 MB."""

_seen: dict[str, dict[tuple[str, str], int]] = {}


def watch_sequences(service: str, records: Sequence[Record]) -> None:
    """Count each version that is missing between two of a key. What comes again is no gap.

    A compacted topic forgets versions on purpose and is left alone.
    """
    seen = _seen.setdefault(service, {})
    for record in records:
        sequence = _sequence(record)
        if not sequence or record.topic in COMPACTED:
            continue
        key = (record.topic, record.key)
        last = seen.pop(key, None)
        if last is not None and sequence > last + 1:
            gaps.add(sequence - last - 1, {"service": service, "topic": record.topic})
        seen[key] = max(sequence, last or 0)
    while len(seen) > KEYS:
        del seen[next(iter(seen))]


def begin_anew(service: str) -> None:
    """Forget what was seen: others read these keys meanwhile."""
    _seen.pop(service, None)


def _sequence(record: Record) -> int:
    """The record's version, 0 where it has none. Our relays write it last."""
    headers = record.headers
    if not headers or headers[-1][0] != "ce_sequence":
        headers = tuple(header for header in headers if header[0] == "ce_sequence")
    return int(headers[-1][1]) if headers and headers[-1][1].isdigit() else 0
