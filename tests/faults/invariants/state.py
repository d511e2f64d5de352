"""What two services know of one thing is the same in the end."""

from faults.evidence import Books, Tape
from faults.invariants.findings import Finding, Wrong, once_each

OWNED = "SELECT vin || ' at ' || odometer_km FROM vehicle"
PROJECTED = """
SELECT vin || ' at ' || coalesce(readings -> -1 ->> 1, odometer_km::text) FROM vehicle WHERE registered_at IS NOT NULL
"""


async def check_state(tape: Tape, books: Books) -> list[Finding]:
    """Odometers agree, between their owner and who projects from them, and with the last that was said of them."""
    owned = await books.column("customer_service", OWNED)
    findings = once_each("odometers at service-reminder", owned, await books.column("service_reminder", PROJECTED))
    said: dict[str, int] = {}
    for seen in tape.of("baoke.vehicle.mileage_updated.v1"):
        if seen.data["km"] < said.get(seen.key, 0):
            findings.append(Finding(Wrong.REORDERED, f"vehicle {seen.key} went back to {seen.data['km']} km"))
        said[seen.key] = seen.data["km"]
    return findings
