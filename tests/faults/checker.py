"""Everything that is checked, in one place. Reads; knows nothing of the code under test."""

from collections import Counter
from collections.abc import Iterable

from faults.evidence import Books, Tape
from faults.invariants.cap import check_cap
from faults.invariants.findings import Finding, Wrong
from faults.invariants.order import check_order
from faults.invariants.pairs import check_pairs
from faults.invariants.points import check_points
from faults.invariants.promises import check_promises
from faults.invariants.state import check_state
from faults.journal import Write

SHOWN = 20


async def check(tape: Tape, books: Books, writes: Iterable[Write]) -> list[Finding]:
    """Everything that is wrong with what a platform at rest has said and kept."""
    return [
        *check_order(tape.records),
        *await check_promises(writes, books),
        *await check_pairs(tape, books),
        *await check_points(tape, books),
        *await check_cap(tape, books),
        *await check_state(tape, books),
    ]


def count(findings: Iterable[Finding]) -> dict[Wrong, int]:
    """How many findings of each kind there are."""
    found = Counter(finding.wrong for finding in findings)
    return {wrong: found[wrong] for wrong in Wrong}


def told(findings: list[Finding]) -> str:
    """The first findings, one a line."""
    more = [f"… and {len(findings) - SHOWN} more"] if len(findings) > SHOWN else []
    return "\n".join([*map(str, findings[:SHOWN]), *more])
