"""`baoke.leads`: what happens to a lead, in the order it happened. Key: the lead."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from baoke_events.event import Cents, Currency, Event, Text, Word


class LeadEvent(Event, topic="baoke.leads", key="lead_id", publishers=("lead-service",)):
    """What every fact about a lead says."""

    lead_id: UUID
    store_id: UUID


class LeadCaptured(LeadEvent, type="baoke.lead.captured.v1"):
    """A lead arrived that was not known."""

    channel: Word
    source_system: Text | None = None
    """Whose id `source_id` is: the channel itself, or a sender that has none of its own."""
    source_id: Text | None = None
    campaign: Text | None = None
    make: Text
    model: Text
    trim: Text | None = None
    budget_cents: Cents | None = None
    currency: Currency = "CNY"
    grade: Word
    decision_style: Word | None = None
    advisor_id: UUID | None = None
    referral_code: Text | None = None
    next_contact_at: AwareDatetime


class LeadTouched(LeadEvent, type="baoke.lead.touched.v1"):
    """A known, open lead was heard from again: the same phone through any channel."""

    channel: Word
    source_system: Text | None = None
    """Whose id `source_id` is."""
    source_id: Text | None = None
    campaign: Text | None = None
    make: Text | None = None
    """With `model`: the car that was asked for this time."""
    model: Text | None = None
    first_channel: Word | None = None
    """With `first_campaign`: where the lead came from at first."""
    first_campaign: Text | None = None
    touches: int = Field(ge=2)
    """Touches so far, the capture being the first."""


class LeadAssigned(LeadEvent, type="baoke.lead.assigned.v1"):
    """An advisor became responsible for the lead."""

    advisor_id: UUID
    from_advisor_id: UUID | None = None
    """Whose it was before."""
    reason: Word | None = None
    """automatic, followed_up, claimed, transferred or reassigned."""


class LeadReturnedToPool(LeadEvent, type="baoke.lead.returned_to_pool.v1"):
    """The lead went back to its store's public pool (公海); nobody is responsible for it."""

    from_advisor_id: UUID
    reason: Word
    """neglected, transferred, reassigned or left: the advisor had left the roster when the lead was open again."""


class LeadContacted(LeadEvent, type="baoke.lead.contacted.v1"):
    """The dealer followed up."""

    channel: Word
    outcome: Word
    advisor_id: UUID | None = None
    due_at: AwareDatetime
    """When this contact was due."""
    on_time: bool
    next_contact_at: AwareDatetime | None = None
    respond_by: AwareDatetime | None = None
    """When the first answer was due; only of the contact that is it."""
    responded_in_time: bool | None = None
    response_minutes: int | None = Field(default=None, ge=0)
    """Working time from capture to this, the first answer."""


class LeadStageChanged(LeadEvent, type="baoke.lead.stage_changed.v1"):
    """The lead moved along new, contacted, appointed, visited, test_driven, negotiating, won, defeated."""

    from_stage: Word
    to_stage: Word


class LeadFollowUpMissed(LeadEvent, type="baoke.lead.follow_up_missed.v1"):
    """The next contact fell due and nobody made it."""

    grade: Word
    advisor_id: UUID | None = None
    due_at: AwareDatetime
    level: int = Field(default=1, ge=1)
    """How far up it is reported: 1 says that it is late, each further level that it still is."""


class LeadResponseOverdue(LeadEvent, type="baoke.lead.response_overdue.v1"):
    """Nobody answered a new lead in its channel's time."""

    channel: Word
    grade: Word
    advisor_id: UUID | None = None
    captured_at: AwareDatetime
    respond_by: AwareDatetime
    level: int = Field(ge=1)
    """How far up it is reported: 1 says that it is late, each further level that it still is."""


class LeadGraded(LeadEvent, type="baoke.lead.graded.v1"):
    """Somebody gave the lead another grade (意向级别)."""

    from_grade: Word
    grade: Word
    advisor_id: UUID | None = None
    next_contact_at: AwareDatetime | None = None


class LeadRescheduled(LeadEvent, type="baoke.lead.rescheduled.v1"):
    """Somebody put the next contact on another date."""

    from_at: AwareDatetime
    to_at: AwareDatetime
    advisor_id: UUID | None = None


class LeadDecisionStyleSet(LeadEvent, type="baoke.lead.decision_style_set.v1"):
    """It is known now, or known better, how the person decides."""

    decision_style: Word | None = None
    """cautious (决策谨慎型) or decisive (行动果断型)."""


class TestDriveEvent(LeadEvent):
    """What every fact about a lead's test drive says."""

    __test__ = False

    test_drive_id: UUID
    demo_car_id: UUID
    make: Text
    model: Text
    trim: Text | None = None
    starts_at: AwareDatetime
    """As booked."""
    advisor_id: UUID | None = None


class TestDriveBooked(TestDriveEvent, type="baoke.lead.test_drive_booked.v1"):
    """A demo car is the lead's for a while, or its booking was moved."""

    ends_at: AwareDatetime
    moved_from_at: AwareDatetime | None = None
    """When it was to start before it was moved."""


class TestDriveCompleted(TestDriveEvent, type="baoke.lead.test_drive_completed.v1"):
    """The lead's person drove the car."""

    started_at: AwareDatetime
    ended_at: AwareDatetime


class TestDriveCancelled(TestDriveEvent, type="baoke.lead.test_drive_cancelled.v1"):
    """The booked test drive does not take place."""

    reason: Word
    """cancelled or no_show."""


class ReferralMade(LeadEvent, type="baoke.lead.referral_made.v1"):
    """A lead was captured with a member's code (老带新). Terms are frozen at this moment."""

    referral_code: Text
