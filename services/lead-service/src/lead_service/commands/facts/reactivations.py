"""Whom a change on the market approaches, and what comes of it."""

from datetime import datetime
from uuid import UUID

from baoke_events import (
    LeadReactivated,
    LeadReactivationEnded,
)
from baoke_events.consuming import Origin

from lead_service.domain.defeat import DefeatReason
from lead_service.domain.opportunity import Opportunity, OpportunityOutcome
from lead_service.domain.reactivation import Reactivation, ReactivationState
from lead_service.domain.rules import Strategy
from lead_service.domain.signal import MarketSignal, SignalKind


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


def withdrawn(signal: MarketSignal, *, origin: Origin, at: datetime) -> LeadReactivationEnded:
    """What leads were approached with holds no longer: whatever was still to be said to them is not said.

    It goes on with the signal's story.
    What differs from lead to lead stands for itself here: the statement that finds the leads fills it in.
    """
    return LeadReactivationEnded(
        dealer_id=signal.dealer_id,
        occurred_at=at,
        causation_id=origin.causation_id,
        correlation_id=origin.correlation_id,
        traceparent=origin.traceparent,
        lead_id=signal.id,
        store_id=signal.id,
        reactivation_id=signal.id,
        signal_id=signal.id,
        strategy=Strategy.CARE,
        reason=DefeatReason.UNKNOWN,
        held_out=False,
        outcome=OpportunityOutcome.WITHDRAWN,
        reactivated_at=at,
    )
