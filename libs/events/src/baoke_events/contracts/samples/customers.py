"""`baoke.customers`: a new customer, and an owner who drifts away, complains and comes back."""

from baoke_events.catalogue import (
    ChurnCleared,
    ChurnWarned,
    ComplaintEscalated,
    ComplaintOpened,
    ComplaintResolved,
    CustomerRegistered,
    SegmentChanged,
    TradeInCandidateFound,
)
from baoke_events.contracts.samples.cast import BUYER, COMPLAINT, LEAD, OWNER, OWNERS_CAR, STORE, at, told

SAMPLES = (
    CustomerRegistered(
        **told("customer registered", "2026-04-18 06:40", sequence=1), customer_id=BUYER, store_id=STORE, lead_id=LEAD
    ),
    SegmentChanged(
        **told("segment changed", "2026-05-21 19:00", sequence=4),
        customer_id=OWNER,
        store_id=STORE,
        from_segment="regular",
        to_segment="potential",
    ),
    ComplaintOpened(
        **told("complaint opened", "2026-06-05 08:20", sequence=5),
        customer_id=OWNER,
        store_id=STORE,
        complaint_id=COMPLAINT,
        topic_of_complaint="waiting_time",
        callback_due_at=at("2026-06-06 08:20"),
    ),
    ComplaintEscalated(
        **told("complaint escalated", "2026-06-06 08:20", sequence=6),
        customer_id=OWNER,
        store_id=STORE,
        complaint_id=COMPLAINT,
        level=2,
    ),
    ChurnWarned(
        **told("churn warned", "2026-08-04 19:00", sequence=7),
        customer_id=OWNER,
        store_id=STORE,
        reasons=("complaint_unresolved", "interval_exceeded"),
        strategy="retain",
    ),
    ComplaintResolved(
        **told("complaint resolved", "2026-08-05 03:10", sequence=8),
        customer_id=OWNER,
        store_id=STORE,
        complaint_id=COMPLAINT,
    ),
    ChurnCleared(
        **told("churn cleared", "2026-08-05 03:10", sequence=9),
        customer_id=OWNER,
        store_id=STORE,
        because="complaint_resolved",
    ),
    TradeInCandidateFound(
        **told("trade-in candidate found", "2026-08-19 19:00", sequence=10),
        customer_id=OWNER,
        store_id=STORE,
        vehicle_id=OWNERS_CAR,
        make="大众",
        model="途观L",
        owned_months=39,
        odometer_km=61_280,
    ),
)
