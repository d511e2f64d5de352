"""`baoke.leads`: what happens to a lead, in the order it happened. Key: the lead."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, Field

from baoke_events.event import Cents, Currency, Event, Fact, Km, Text, Word


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


class LeadDefeated(LeadEvent, type="baoke.lead.defeated.v1"):
    """The lead was lost (战败)."""

    stage: Word
    """The stage it was lost at."""
    grade: Word
    reason: Word
    """price, configuration, delivery_time, competitor, finance, no_need, unreachable or unknown."""
    competitor: Text | None = None
    make: Text
    model: Text
    trim: Text | None = None


class LeadReactivated(LeadEvent, type="baoke.lead.reactivated.v1"):
    """Something changed that answers the reason the lead was lost for (战败激活)."""

    reactivation_id: UUID
    signal_id: UUID
    signal_kind: Word
    strategy: Word
    """What to say: price_drop, limited_offer, in_stock, new_model, competitor_answer, care; or, of a car like the one
    that was asked for, substitute or better_value."""
    reason: Word
    """Why it was lost."""
    make: Text
    model: Text
    trim: Text | None = None
    price_from_cents: Cents | None = None
    price_to_cents: Cents | None = None
    difference_cents: Cents | None = None
    """How much less it costs now."""
    currency: Currency = "CNY"
    valid_until: date | None = None
    defeated_at: AwareDatetime
    priority: int = Field(ge=0, le=100)
    attempt: int = Field(ge=1)
    offered_make: Text | None = None
    """The car that the signal is about; it may be another than the one that was asked for."""
    offered_model: Text | None = None
    offered_trim: Text | None = None
    similarity: int = Field(default=100, ge=0, le=100)
    """How similar that car is to the one that was asked for; 100 is the same."""


class LeadReactivationEnded(LeadEvent, type="baoke.lead.reactivation_ended.v1"):
    """It is known what became of an approach to a lost lead, or of one that was held out to compare with.

    A later word on the same re-activation counts: `won` follows `re_engaged`, and who declined may come back.
    """

    reactivation_id: UUID
    signal_id: UUID
    strategy: Word
    reason: Word
    """Why the lead was lost."""
    held_out: bool
    """Whether nothing was said to the person: the group that the others are compared with."""
    outcome: Word
    """re_engaged, won, declined, expired, or withdrawn: the signal was taken back."""
    successor_lead_id: UUID | None = None
    """The lead that the person came back with; the lost one itself where it was reopened."""
    reactivated_at: AwareDatetime


class LeadDefeatRequested(LeadEvent, type="baoke.lead.defeat_requested.v1"):
    """Somebody wants to give the lead up, and a manager decides; the lead is worked on meanwhile."""

    request_id: UUID
    stage: Word
    grade: Word
    reason: Word
    competitor: Text | None = None


class LeadDefeatRejected(LeadEvent, type="baoke.lead.defeat_rejected.v1"):
    """A manager wants the lead to be worked on."""

    request_id: UUID
    reason: Word
    """Why it was to be given up."""


class LeadReopened(LeadEvent, type="baoke.lead.reopened.v1"):
    """The person of a lost lead called back, and the lead is worked again."""

    reason: Word
    """Why it had been lost."""
    defeated_at: AwareDatetime
    grade: Word
    next_contact_at: AwareDatetime


class TradeIn(Fact):
    """The car that the buyer gave in part payment (置换)."""

    make: Text
    model: Text
    vin: Text | None = None
    allowance_cents: Cents
    """What the dealer counts it for."""


class Finance(Fact):
    """The credit that pays for a part of the price (金融)."""

    lender: Text
    amount_cents: Cents
    months: int = Field(ge=1)


class LeadWon(LeadEvent, type="baoke.lead.won.v1"):
    """The lead bought a car."""

    sale: int = Field(default=1, ge=1)
    """Which sale of the lead: one that was cancelled may be followed by another."""
    vin: Text
    make: Text
    model: Text
    trim: Text | None = None
    powertrain: Word = "petrol"
    price_cents: Cents
    currency: Currency = "CNY"
    sold_at: AwareDatetime
    odometer_km: Km = 0
    """At hand-over."""
    channel: Word
    """Where the lead came from at first; `last_channel` is the touch nearest to the sale."""
    campaign: Text | None = None
    last_channel: Word | None = None
    last_campaign: Text | None = None
    last_touched_at: AwareDatetime | None = None
    touches: int | None = Field(default=None, ge=1)
    captured_at: AwareDatetime | None = None
    advisor_id: UUID | None = None
    referral_code: Text | None = None
    trade_in: TradeIn | None = None
    finance: Finance | None = None


class LeadWonCancelled(LeadEvent, type="baoke.lead.won_cancelled.v1"):
    """A sale was undone: the lead is worked again, and what followed from the sale is taken back."""

    sale: int = Field(ge=1)
    """Which sale of the lead; it may be told before or after what other topics said of it."""
    won_event_id: UUID
    """The `LeadWon` that is undone."""
    reason: Word
    """customer_withdrew, finance_refused, not_delivered, wrong_entry or other."""
    stage: Word
    """The stage the lead is at again."""
    vin: Text
    make: Text
    model: Text
    price_cents: Cents
    currency: Currency = "CNY"
    sold_at: AwareDatetime
    channel: Word
    referral_code: Text | None = None


class ReferralMade(LeadEvent, type="baoke.lead.referral_made.v1"):
    """A lead was captured with a member's code (老带新). Terms are frozen at this moment."""

    referral_code: Text
