"""Nobody is told more than three things a day, by what the books say and by what the topics say."""

from collections import Counter

from faults.evidence import Books, Tape
from faults.invariants.findings import Finding, Wrong

CAP = 3
BUDGETS = "SELECT person_id, on_date, reserved, used FROM contact_budget"
COUNTED = """
SELECT p.person_id, m.counted_on, count(*) AS sent
FROM message m JOIN party p USING (dealer_id, party_id)
WHERE m.state = 'sent' AND m.message_class <> 'transactional' GROUP BY 1, 2
"""


async def check_cap(tape: Tape, books: Books) -> list[Finding]:
    """No day's budget is overdrawn, what was sent is what was used, and no party heard more than the cap."""
    sent = {(row[0], row[1]): row["sent"] for row in await books.rows("notification_service", COUNTED)}
    overdrawn = [
        f"a budget of {CAP} is {dict(row)}"
        for row in await books.rows("notification_service", BUDGETS)
        if row["reserved"] + row["used"] > CAP or row["used"] != sent.get((row["person_id"], row["on_date"]), 0)
    ]
    heard = Counter(s.key for s in tape.of("baoke.message.sent.v1") if s.data["message_class"] != "transactional")
    # A run may see midnight, and a new day has a new budget.
    pestered = [f"party {key} heard {times} messages" for key, times in heard.items() if times > 2 * CAP]
    beyond = [f"person {key[0]} got {times} messages on {key[1]}" for key, times in sent.items() if times > CAP]
    return [Finding(Wrong.MISCOUNTED, sentence) for sentence in (*overdrawn, *pestered, *beyond)]
