"""`baoke.leads`: how a lead ends, by a defeat or a sale, and how it goes on after that."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, Field

from baoke_events.catalogue.leads import LeadEvent
from baoke_events.event import Cents, Currency, Fact, Km, Text, Word


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
