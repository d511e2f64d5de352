"""Each key's versions arrive as 1, 2, 3 …; what comes again is the same event again."""

from collections import defaultdict
from collections.abc import Iterable

from faults.evidence import Seen
from faults.invariants.findings import Finding, Wrong

MIRROR = ".dlq"
"""Topics of set-aside records, which keep no order."""


def check_order(records: Iterable[Seen]) -> list[Finding]:
    """The records of every key, in the order of their offsets, are told in order at first delivery.

    A repeat of a version that was told before is allowed, if it is the same event: readers drop it.
    """
    findings: list[Finding] = []
    told: defaultdict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    partitions: dict[tuple[str, str], int] = {}
    for seen in records:
        if seen.topic.endswith(MIRROR):
            continue
        versions = told[seen.topic, seen.key]
        where = f"{seen.topic} {seen.key} at {seen.partition}/{seen.offset}"
        if partitions.setdefault((seen.topic, seen.key), seen.partition) != seen.partition:
            findings.append(Finding(Wrong.REORDERED, f"{where}: the key has two partitions"))
        if seen.sequence in versions:
            if versions[seen.sequence] != seen.id:
                findings.append(Finding(Wrong.DOUBLED, f"{where}: two events are version {seen.sequence}"))
            continue
        if seen.sequence != max(versions, default=0) + 1:
            findings.append(Finding(Wrong.REORDERED, f"{where}: {seen.sequence} after {max(versions, default=0)}"))
        versions[seen.sequence] = seen.id
    return findings + _gaps(told)


def _gaps(told: dict[tuple[str, str], dict[int, str]]) -> list[Finding]:
    return [
        Finding(Wrong.LOST, f"{topic} {key}: version {number} never came")
        for (topic, key), versions in told.items()
        for number in range(1, max(versions) + 1)
        if number not in versions
    ]


def repeats(records: Iterable[Seen]) -> int:
    """How many records repeat an event that was delivered before. Allowed; inboxes drop them."""
    records = list(records)
    return len(records) - len({(seen.topic, seen.id) for seen in records})
