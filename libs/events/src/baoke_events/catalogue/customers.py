"""`baoke.customers`: what happens to a person. Key: the customer."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from baoke_events.event import Event, Km, Text, Word


class CustomerEvent(Event, topic="baoke.customers", key="customer_id", publishers=("customer-service",)):
    """What every fact about a customer says."""

    customer_id: UUID
    store_id: UUID


class CustomerRegistered(CustomerEvent, type="baoke.customer.registered.v1"):
    """A person became a customer."""

    lead_id: UUID | None = None
    """The lead that was won, where there was one."""


class SegmentChanged(CustomerEvent, type="baoke.customer.segment_changed.v1"):
    """Recency, frequency and money put the customer into another segment."""

    from_segment: Word
    to_segment: Word
    """prospect, new, core 核心, potential 潜力, sleeping 沉睡 or regular."""


class ChurnWarned(CustomerEvent, type="baoke.customer.churn_warned.v1"):
    """The customer is about to leave (流失预警)."""

    reasons: tuple[Word, ...] = Field(min_length=1)
    strategy: Word
    """keep 保持, retain 挽留 or win_back 挽回."""


class ChurnCleared(CustomerEvent, type="baoke.customer.churn_cleared.v1"):
    """The warning no longer holds."""

    because: Word


class TradeInCandidateFound(CustomerEvent, type="baoke.customer.trade_in_candidate_found.v1"):
    """A vehicle is old and driven enough for a trade-in offer (置换)."""

    vehicle_id: UUID
    make: Text
    model: Text
    owned_months: int = Field(ge=0)
    odometer_km: Km


class ComplaintOpened(CustomerEvent, type="baoke.customer.complaint_opened.v1"):
    """The customer complained; a callback is owed."""

    complaint_id: UUID
    topic_of_complaint: Word
    callback_due_at: AwareDatetime


class ComplaintEscalated(CustomerEvent, type="baoke.customer.complaint_escalated.v1"):
    """The complaint waited too long and went one level up."""

    complaint_id: UUID
    level: int = Field(ge=1, le=3)


class ComplaintResolved(CustomerEvent, type="baoke.customer.complaint_resolved.v1"):
    """The complaint was settled."""

    complaint_id: UUID
