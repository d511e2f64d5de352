"""The points ledger: what enters leaves somewhere, balances are sums, and none is negative."""

from faults.evidence import Books, Tape
from faults.invariants.findings import Finding, Wrong

ACCOUNTS = """
WITH side AS (
    SELECT dealer_id, entry_id, destination AS account, points FROM movement
    UNION ALL SELECT dealer_id, entry_id, source, -points FROM movement
)
SELECT coalesce(sum(points), 0) AS sum FROM side
"""
ENTRIES = """
SELECT customer_id, number, e.points, balance, e.kind,
       coalesce((SELECT sum(CASE WHEN destination = 'member' THEN m.points ELSE -m.points END)
                 FROM movement m WHERE m.dealer_id = e.dealer_id AND m.entry_id = e.id), 0) AS moved
FROM ledger_entry e ORDER BY customer_id, number
"""
MEMBERS = """
SELECT m.customer_id, m.balance, m.entries,
       coalesce((SELECT sum(remaining) FROM award a
                 WHERE a.dealer_id = m.dealer_id AND a.customer_id = m.customer_id), 0) AS remaining
FROM member m
"""
CENTS_PER_POINT = 100
"""One point for each whole yuan of an invoice."""


async def check_points(tape: Tape, books: Books) -> list[Finding]:
    """Double entry holds, each member's entries add up to the balance, and the points are those of the invoices."""
    zero = (await books.rows("loyalty_service", ACCOUNTS))[0]["sum"]
    entries = await books.rows("loyalty_service", ENTRIES)
    findings = [_wrong(f"all accounts sum to {zero}")] if zero else []
    balances: dict[object, tuple[int, int]] = {}
    for entry in entries:
        number, balance = balances.get(entry["customer_id"], (0, 0))
        expected = (number + 1, balance + entry["points"], entry["points"])
        if (entry["number"], entry["balance"], entry["moved"]) != expected or entry["balance"] < 0:
            findings.append(_wrong(f"entry {dict(entry)} does not follow a balance of {balance}"))
        balances[entry["customer_id"]] = (entry["number"], entry["balance"])
    for member in await books.rows("loyalty_service", MEMBERS):
        number, balance = balances.get(member["customer_id"], (0, 0))
        if (member["entries"], member["balance"], member["remaining"]) != (number, balance, balance):
            findings.append(_wrong(f"member {dict(member)} has entries up to {number} with a balance of {balance}"))
    return findings + _check_sums(tape)


def _check_sums(tape: Tape) -> list[Finding]:
    invoiced = sum(seen.data["amount_cents"] // CENTS_PER_POINT for seen in tape.of("baoke.service.completed.v1"))
    earned = sum(seen.data["points"] for seen in tape.of("baoke.loyalty.points_earned.v1"))
    return [_wrong(f"{earned} points were earned by invoices worth {invoiced}")] if earned != invoiced else []


def _wrong(sentence: str) -> Finding:
    return Finding(Wrong.MISCOUNTED, sentence)
