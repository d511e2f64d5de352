"""Every write has its event, every event has its write, and every effect its one cause."""

from collections.abc import Callable
from dataclasses import dataclass

from faults.evidence import Books, Seen, Tape
from faults.invariants.findings import Finding, once_each

EventName = Callable[[Seen], str]


def its(field: str) -> EventName:
    """Events known by a field of their data."""
    return lambda seen: str(seen.data[field])


def itself(seen: Seen) -> str:
    """Events known by their id."""
    return seen.id


@dataclass(frozen=True, slots=True)
class Pair:
    """Events of these types correspond, one to one, to the rows of a query whose first column names them."""

    types: tuple[str, ...]
    named: EventName
    package: str
    rows: str


WRITES = (
    Pair(("baoke.lead.captured.v1",), its("lead_id"), "lead_service", "SELECT id FROM lead"),
    Pair(("baoke.lead.contacted.v1",), its("lead_id"), "lead_service", "SELECT lead_id FROM follow_up"),
    Pair(("baoke.lead.defeated.v1",), its("lead_id"), "lead_service", "SELECT lead_id FROM defeat"),
    Pair(("baoke.lead.won.v1",), its("lead_id"), "lead_service", "SELECT lead_id FROM sale"),
    Pair(("baoke.customer.registered.v1",), its("customer_id"), "customer_service", "SELECT customer_id FROM customer"),
    Pair(("baoke.vehicle.registered.v1",), its("vehicle_id"), "customer_service", "SELECT vehicle_id FROM vehicle"),
    Pair(("baoke.service.visit_started.v1",), its("visit_id"), "service_reminder", "SELECT visit_id FROM visit"),
    Pair(
        ("baoke.service.completed.v1",),
        its("visit_id"),
        "service_reminder",
        "SELECT visit_id FROM visit WHERE completed_at IS NOT NULL",
    ),
    Pair(
        ("baoke.loyalty.member_enrolled.v1",), its("customer_id"), "loyalty_service", "SELECT customer_id FROM member"
    ),
    Pair(("baoke.loyalty.points_earned.v1",), its("award_id"), "loyalty_service", "SELECT id FROM award"),
    Pair(
        ("baoke.loyalty.points_redeemed.v1",),
        its("redemption_id"),
        "loyalty_service",
        "SELECT id FROM ledger_entry WHERE kind = 'redeemed'",
    ),
    Pair(
        ("baoke.message.sent.v1",),
        its("message_id"),
        "notification_service",
        "SELECT message_id FROM message WHERE state = 'sent'",
    ),
    Pair(
        ("baoke.message.suppressed.v1",),
        its("message_id"),
        "notification_service",
        "SELECT message_id FROM message WHERE state = 'suppressed'",
    ),
)
"""What a service says, beside the rows it says it of."""

EFFECTS = (
    Pair(("baoke.customer.registered.v1",), its("customer_id"), "loyalty_service", "SELECT customer_id FROM member"),
    Pair(
        ("baoke.lead.won.v1",),
        its("lead_id"),
        "customer_service",
        "SELECT lead_id FROM lead WHERE customer_id IS NOT NULL",
    ),
    Pair(("baoke.lead.won.v1",), its("vin"), "loyalty_service", "SELECT vin FROM purchase WHERE vehicle_registered"),
    Pair(
        ("baoke.vehicle.registered.v1",),
        its("vin"),
        "service_reminder",
        "SELECT vin FROM vehicle WHERE registered_at IS NOT NULL",
    ),
    Pair(
        ("baoke.service.completed.v1",),
        itself,
        "loyalty_service",
        "SELECT source_event_id FROM award WHERE rule = 'service'",
    ),
    Pair(("baoke.service.completed.v1",), its("visit_id"), "customer_service", "SELECT visit_id FROM visit"),
    Pair(
        ("baoke.service.completed.v1",),
        itself,
        "notification_service",
        "SELECT causation_id FROM message WHERE journey = 'service_thanks'",
    ),
    Pair(
        ("baoke.lead.defeated.v1",),
        itself,
        "notification_service",
        "SELECT causation_id FROM message WHERE journey = 'lead_care'",
    ),
    Pair(
        ("baoke.lead.captured.v1", "baoke.lead.defeated.v1", "baoke.lead.won.v1"),
        itself,
        "customer_service",
        "SELECT entry_id FROM timeline_entry WHERE kind LIKE 'lead_%'",
    ),
    Pair(
        ("baoke.message.sent.v1", "baoke.message.suppressed.v1"),
        itself,
        "customer_service",
        "SELECT entry_id FROM timeline_entry WHERE kind LIKE 'message_%'",
    ),
    Pair(
        ("baoke.loyalty.points_earned.v1",),
        itself,
        "customer_service",
        "SELECT entry_id FROM timeline_entry WHERE kind = 'points_earned'",
    ),
)
"""What another service makes of it."""


async def check_pairs(tape: Tape, books: Books) -> list[Finding]:
    """Every pair corresponds, one to one."""
    findings = []
    for pair in WRITES:
        what = f"events {' and '.join(pair.types)} of {pair.package} [{pair.rows}]"
        findings += once_each(what, await books.column(pair.package, pair.rows), _told(tape, pair))
    for pair in EFFECTS:
        what = f"{pair.package} [{pair.rows}] of events {' and '.join(pair.types)}"
        findings += once_each(what, _told(tape, pair), await books.column(pair.package, pair.rows))
    return findings


def _told(tape: Tape, pair: Pair) -> list[str]:
    return [pair.named(seen) for type_ in pair.types for seen in tape.of(type_)]
