"""A lead's facts in the published language."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events import (
    Consent,
    ContactChanged,
    LeadAssigned,
    LeadCaptured,
    LeadContacted,
    LeadDefeated,
    LeadDefeatRejected,
    LeadDefeatRequested,
    LeadFollowUpMissed,
    LeadReactivated,
    LeadReactivationEnded,
    LeadReopened,
    LeadStageChanged,
    LeadTouched,
    LeadWon,
    LeadWonCancelled,
    ReferralMade,
)
from baoke_events import Finance as FinanceFact
from baoke_events import TradeIn as TradeInFact
from baoke_events.consuming import Origin

from lead_service.domain.assignment import AssignmentReason
from lead_service.domain.capture import Inquiry
from lead_service.domain.defeat import Defeat, DefeatReason, DefeatRequest
from lead_service.domain.follow_up import FollowUp
from lead_service.domain.lead import Lead
from lead_service.domain.opportunity import Opportunity
from lead_service.domain.reactivation import Reactivation, ReactivationState
from lead_service.domain.response import answered_in_time
from lead_service.domain.rules import Strategy
from lead_service.domain.sale import Sale, Undone
from lead_service.domain.signal import MarketSignal, SignalKind


def captured(lead: Lead, *, next_contact_at: datetime, at: datetime) -> LeadCaptured:
    """A lead arrived that was not known."""
    return LeadCaptured(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        channel=lead.source.channel,
        source_system=lead.source.system,
        source_id=lead.source.source_id,
        campaign=lead.source.campaign,
        make=lead.interest.make,
        model=lead.interest.model,
        trim=lead.interest.trim,
        budget_cents=lead.interest.budget_cents,
        grade=lead.grade,
        decision_style=lead.decision_style,
        advisor_id=lead.advisor_id,
        referral_code=lead.referral_code,
        next_contact_at=next_contact_at,
    )


def referral_made(lead: Lead, referral_code: str, *, at: datetime) -> ReferralMade:
    """The lead came with a member's code."""
    return ReferralMade(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        referral_code=referral_code,
    )


def touched(lead: Lead, inquiry: Inquiry, *, touches: int, at: datetime) -> LeadTouched:
    """The lead was heard from again; it was the touch of that number."""
    return LeadTouched(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        channel=inquiry.source.channel,
        source_system=inquiry.source.system,
        source_id=inquiry.source.source_id,
        campaign=inquiry.source.campaign,
        make=inquiry.interest.make,
        model=inquiry.interest.model,
        first_channel=lead.source.channel,
        first_campaign=lead.source.campaign,
        touches=touches,
    )


def contact_changed(lead: Lead, *, at: datetime, causation_id: UUID | None = None) -> ContactChanged:
    """How the lead's person is reached, all of it."""
    contact, phone = lead.contact, lead.contact.phone
    return ContactChanged(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        causation_id=causation_id,
        party_id=lead.id,
        party_kind="lead",
        name=contact.name,
        phone=phone.number if phone else None,
        phone_is_relay=bool(phone and phone.is_relay),
        email=contact.email,
        wecom_id=contact.wecom_id,
        locale=contact.locale,
        time_zone=contact.time_zone,
        consents=tuple(Consent(purpose=c.purpose, channel=c.channel, granted=c.granted) for c in lead.consents),
    )


def contacted(lead: Lead, follow_up: FollowUp) -> LeadContacted:
    """The dealer followed up."""
    return LeadContacted(
        dealer_id=lead.dealer_id,
        occurred_at=follow_up.made_at,
        lead_id=lead.id,
        store_id=lead.store_id,
        channel=follow_up.channel,
        outcome=follow_up.outcome,
        advisor_id=follow_up.advisor_id,
        due_at=follow_up.due_at,
        on_time=follow_up.on_time,
        next_contact_at=follow_up.next_contact_at,
        **_answer(lead, follow_up),
    )


def assigned(
    lead: Lead, advisor_id: UUID, *, from_advisor_id: UUID | None, reason: AssignmentReason, at: datetime
) -> LeadAssigned:
    """An advisor became responsible."""
    return LeadAssigned(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        advisor_id=advisor_id,
        from_advisor_id=from_advisor_id,
        reason=reason,
    )


def _answer(lead: Lead, follow_up: FollowUp) -> dict[str, Any]:
    """What only the contact says that was the first answer."""
    if lead.responded_at != follow_up.made_at:
        return {}
    return {
        "respond_by": lead.respond_by,
        "responded_in_time": answered_in_time(lead),
        "response_minutes": lead.response_minutes,
    }


def stage_changed(before: Lead, after: Lead, *, at: datetime) -> LeadStageChanged:
    """The lead moved."""
    return LeadStageChanged(
        dealer_id=after.dealer_id,
        occurred_at=at,
        lead_id=after.id,
        store_id=after.store_id,
        from_stage=before.stage,
        to_stage=after.stage,
    )


def follow_up_missed(lead: Lead, *, due_at: datetime, at: datetime) -> LeadFollowUpMissed:
    """The next contact fell due and nobody made it."""
    return LeadFollowUpMissed(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        grade=lead.grade,
        advisor_id=lead.advisor_id,
        due_at=due_at,
        level=lead.follow_up_escalation.level,
    )


def defeated(defeat: Defeat) -> LeadDefeated:
    """The lead was lost."""
    return LeadDefeated(
        dealer_id=defeat.dealer_id,
        occurred_at=defeat.defeated_at,
        lead_id=defeat.lead_id,
        store_id=defeat.store_id,
        stage=defeat.stage,
        grade=defeat.grade,
        reason=defeat.reason,
        competitor=defeat.competitor,
        make=defeat.interest.make,
        model=defeat.interest.model,
        trim=defeat.interest.trim,
    )


def won(lead: Lead, sale: Sale, *, number: int, at: datetime) -> LeadWon:
    """The lead bought a car: its sale of that number, with where it came from at first and at last."""
    last_source, last_touched_at = lead.last_touch
    return LeadWon(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        sale=number,
        vin=sale.vin,
        make=sale.make,
        model=sale.model,
        trim=sale.trim,
        powertrain=sale.powertrain,
        price_cents=sale.price_cents,
        sold_at=sale.sold_at,
        odometer_km=sale.odometer_km,
        channel=lead.source.channel,
        campaign=lead.source.campaign,
        last_channel=last_source.channel,
        last_campaign=last_source.campaign,
        last_touched_at=last_touched_at,
        touches=lead.touches,
        captured_at=lead.captured_at,
        advisor_id=lead.advisor_id,
        referral_code=lead.referral_code,
        trade_in=TradeInFact(**asdict(sale.trade_in)) if sale.trade_in else None,
        finance=FinanceFact(**asdict(sale.finance)) if sale.finance else None,
    )


def won_cancelled(lead: Lead, undone: Undone) -> LeadWonCancelled:
    """A sale of the lead, which is open again, was undone."""
    sale, cancellation = undone.record.sale, undone.cancellation
    return LeadWonCancelled(
        dealer_id=lead.dealer_id,
        occurred_at=cancellation.cancelled_at,
        lead_id=lead.id,
        store_id=lead.store_id,
        sale=undone.record.number,
        won_event_id=undone.won_event_id,
        reason=cancellation.reason,
        stage=lead.stage,
        vin=sale.vin,
        make=sale.make,
        model=sale.model,
        price_cents=sale.price_cents,
        sold_at=sale.sold_at,
        channel=lead.source.channel,
        referral_code=lead.referral_code,
    )


def reactivated(signal: MarketSignal, *, origin: Origin, at: datetime) -> LeadReactivated:
    """Something changed that answers why leads were lost; it goes on with the signal's story.

    What differs from lead to lead stands for itself here: the statement that finds the leads fills it in.
    """
    return LeadReactivated(
        dealer_id=signal.dealer_id,
        occurred_at=at,
        causation_id=origin.causation_id,
        correlation_id=origin.correlation_id,
        traceparent=origin.traceparent,
        lead_id=signal.id,
        store_id=signal.id,
        reactivation_id=signal.id,
        signal_id=signal.id,
        signal_kind=signal.kind,
        strategy=Strategy.CARE,
        reason=DefeatReason.UNKNOWN,
        make=signal.make,
        model=signal.model,
        price_from_cents=signal.price_from_cents,
        price_to_cents=signal.price_to_cents,
        difference_cents=signal.difference_cents,
        valid_until=signal.valid_until,
        defeated_at=at,
        priority=0,
        attempt=1,
        offered_make=signal.make,
        offered_model=signal.model,
        offered_trim=signal.trim,
    )


def greeted(reactivation: Reactivation, reactivation_id: UUID, *, dealer_id: UUID, at: datetime) -> LeadReactivated:
    """It is time for a greeting; nothing has changed that could be told."""
    return LeadReactivated(
        id=reactivation_id,
        dealer_id=dealer_id,
        occurred_at=at,
        lead_id=reactivation.lead_id,
        store_id=reactivation.store_id,
        reactivation_id=reactivation_id,
        signal_id=reactivation.signal_id,
        signal_kind=SignalKind.CARE,
        strategy=reactivation.strategy,
        reason=reactivation.reason,
        make=reactivation.interest.make,
        model=reactivation.interest.model,
        trim=reactivation.interest.trim,
        defeated_at=reactivation.defeated_at,
        priority=reactivation.priority,
        attempt=reactivation.attempt,
    )


def reactivation_ended(opportunity: Opportunity, *, at: datetime) -> LeadReactivationEnded:
    """It is known what became of an approach."""
    return LeadReactivationEnded(
        dealer_id=opportunity.dealer_id,
        occurred_at=at,
        lead_id=opportunity.lead_id,
        store_id=opportunity.store_id,
        reactivation_id=opportunity.id,
        signal_id=opportunity.signal_id,
        strategy=opportunity.strategy,
        reason=opportunity.reason,
        held_out=opportunity.state is ReactivationState.HELD_OUT,
        outcome=opportunity.outcome,
        successor_lead_id=opportunity.successor_lead_id,
        reactivated_at=opportunity.reactivated_at,
    )


def defeat_requested(lead: Lead, request: DefeatRequest) -> LeadDefeatRequested:
    """Somebody wants to give the lead up."""
    return LeadDefeatRequested(
        dealer_id=lead.dealer_id,
        occurred_at=request.requested_at,
        lead_id=lead.id,
        store_id=lead.store_id,
        request_id=request.id,
        stage=lead.stage,
        grade=lead.grade,
        reason=request.reason,
        competitor=request.competitor,
    )


def defeat_rejected(lead: Lead, request: DefeatRequest, *, at: datetime) -> LeadDefeatRejected:
    """A manager wants the lead to be worked on."""
    return LeadDefeatRejected(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        request_id=request.id,
        reason=request.reason,
    )


def reopened(lead: Lead, *, reason: DefeatReason, defeated_at: datetime, at: datetime) -> LeadReopened:
    """The person of a lead that was lost then, and why, called back."""
    return LeadReopened(
        dealer_id=lead.dealer_id,
        occurred_at=at,
        lead_id=lead.id,
        store_id=lead.store_id,
        reason=reason,
        defeated_at=defeated_at,
        grade=lead.grade,
        next_contact_at=lead.next_contact_at or at,
    )
