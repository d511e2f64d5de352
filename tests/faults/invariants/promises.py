"""What the writers were told holds: accepted is there once, refused is not there, uncertain is there once or not."""

from collections import defaultdict
from collections.abc import Iterable

from faults.evidence import Books
from faults.invariants.findings import Finding, Wrong, once_each
from faults.journal import Write

KEPT = {
    "lead": ("lead_service", "SELECT source_id FROM touch"),
    "contact": ("lead_service", "SELECT lead_id FROM follow_up"),
    "defeat": ("lead_service", "SELECT lead_id FROM defeat"),
    "win": ("lead_service", "SELECT lead_id FROM sale"),
    "customer": ("customer_service", "SELECT phone FROM customer WHERE phone = ANY($1)"),
    "vehicle": ("customer_service", "SELECT vin FROM vehicle WHERE vin = ANY($1)"),
    "complete": ("service_reminder", "SELECT visit_id FROM visit WHERE completed_at IS NOT NULL"),
    "redeem": ("loyalty_service", "SELECT reason FROM ledger_entry WHERE kind = 'redeemed'"),
    "message": ("notification_service", "SELECT data ->> 'text' FROM message WHERE journey IS NULL"),
}
"""Where a kind of write is kept under the writer's own name for it. `$1` is the names that were used."""


async def check_promises(writes: Iterable[Write], books: Books) -> list[Finding]:
    """Each kind of write that is kept under its name is kept as often as its writers were told."""
    by_kind: defaultdict[str, list[Write]] = defaultdict(list)
    for write in writes:
        by_kind[write.kind].append(write)
    findings = []
    for kind, (package, query) in KEPT.items():
        findings += _check(kind, by_kind[kind], await _kept(books, package, query, by_kind[kind]))
    return findings


async def _kept(books: Books, package: str, query: str, writes: list[Write]) -> list[str]:
    names = [[write.name for write in writes]] if "$1" in query else []
    return await books.column(package, query, *names)


def _check(kind: str, writes: list[Write], kept: list[str]) -> list[Finding]:
    accepted = {write.name for write in writes if write.fate == "accepted"}
    refused = {write.name for write in writes if write.fate == "refused"}
    uncertain = {write.name for write in writes if write.fate == "asked"}
    broken = [Finding(Wrong.MADE_UP, f"{kind} {name} was refused, and happened") for name in refused & set(kept)]
    return broken + once_each(
        f"accepted {kind}", accepted | (uncertain & set(kept)), [n for n in kept if n not in refused]
    )
