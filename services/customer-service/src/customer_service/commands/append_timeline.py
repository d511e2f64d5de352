"""Put what happened onto the timelines of those it happened to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from baoke_events import (
    ChurnCleared,
    ChurnWarned,
    ComplaintEscalated,
    ComplaintOpened,
    ComplaintResolved,
    CustomerRegistered,
    LeadCaptured,
    LeadDefeated,
    LeadReactivated,
    LeadWon,
    LeadWonCancelled,
    MaintenanceDue,
    MessageSent,
    MessageSuppressed,
    PointsEarned,
    PointsReversed,
    ReferralPaid,
    SegmentChanged,
    ServiceCompleted,
    TierChanged,
    TradeInCandidateFound,
    Unsubscribed,
    VehicleDisposed,
    VehicleRegistered,
    VehicleReturned,
    VisitStarted,
)
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db import timeline as db_timeline
from customer_service.domain.timeline import Data, Entry

Told = tuple[str, Callable[[Any], Data]]


def _told(kind: str, *fields: str) -> Told:
    """Return the kind of an entry whose data are these fields of the event."""
    return kind, lambda event: {field: getattr(event, field) for field in fields}


def _items(event: MaintenanceDue) -> Data:
    return {
        "vehicle_id": event.vehicle_id,
        "due_on": event.due_on,
        "items_zh": "、".join(item.name_zh for item in event.items),
        "items_en": ", ".join(item.name_en for item in event.items),
    }


TOLD: Mapping[type[Event], Told] = {
    LeadCaptured: _told("lead_captured", "channel", "make", "model"),
    LeadDefeated: _told("lead_defeated", "stage", "reason", "competitor", "make", "model"),
    LeadReactivated: _told("lead_reactivated", "strategy", "make", "model", "difference_cents"),
    LeadWon: _told("lead_won", "make", "model", "price_cents", "currency"),
    LeadWonCancelled: _told("lead_won_cancelled", "reason", "make", "model"),
    CustomerRegistered: _told("customer_registered", "lead_id"),
    VehicleRegistered: _told("vehicle_registered", "vehicle_id", "make", "model", "vin"),
    VehicleReturned: _told("vehicle_returned", "vehicle_id", "make", "model", "vin", "reason"),
    VehicleDisposed: _told("vehicle_disposed", "vehicle_id", "make", "model", "vin", "reason"),
    SegmentChanged: _told("segment_changed", "from_segment", "to_segment"),
    TradeInCandidateFound: _told("trade_in_candidate_found", "vehicle_id", "make", "model", "odometer_km"),
    MaintenanceDue: ("maintenance_due", _items),
    VisitStarted: _told("visit_started", "vehicle_id", "visit_id"),
    ServiceCompleted: _told("service_completed", "vehicle_id", "visit_id", "amount_cents", "odometer_km", "currency"),
    PointsEarned: _told("points_earned", "points", "rule", "balance"),
    PointsReversed: _told("points_reversed", "points", "rule", "reason", "balance"),
    TierChanged: _told("tier_changed", "from_tier", "to_tier"),
    ReferralPaid: _told("referral_paid", "side", "points", "voucher_kind", "voucher_value_cents"),
    MessageSent: _told("message_sent", "message_id", "message_class", "channel", "template"),
    MessageSuppressed: _told("message_suppressed", "message_id", "message_class", "template", "reason"),
    Unsubscribed: _told("unsubscribed", "purpose", "channel", "how"),
    ComplaintOpened: _told("complaint_opened", "complaint_id", "topic_of_complaint"),
    ComplaintEscalated: _told("complaint_escalated", "complaint_id", "level"),
    ComplaintResolved: _told("complaint_resolved", "complaint_id"),
    ChurnWarned: ("churn_warned", lambda e: {"reasons": ", ".join(e.reasons), "strategy": e.strategy}),
    ChurnCleared: _told("churn_cleared", "because"),
}
"""The events a timeline shows, heard or said."""


async def append_timeline(session: AsyncSession, events: Sequence[Event]) -> None:
    """Add an entry for each of the events that a timeline shows; an event that has one is left alone.

    Entries are kept by party. A lead's stay the lead's; who reads a customer's timeline reads
    those of the leads the customer was, too.
    """
    await db_timeline.add(session, [_entry_of(event) for event in events if type(event) in TOLD])


def _entry_of(event: Any) -> Entry:
    kind, data = TOLD[type(event)]
    party_id = next(getattr(event, field) for field in ("party_id", "customer_id", "lead_id") if hasattr(event, field))
    return Entry(event.dealer_id, party_id, event.id, kind, event.occurred_at, data(event))
