"""How a lead ends, and begins again."""

from dataclasses import asdict
from datetime import datetime

from baoke_events import Finance as FinanceFact
from baoke_events import (
    LeadDefeated,
    LeadDefeatRejected,
    LeadDefeatRequested,
    LeadReopened,
    LeadWon,
    LeadWonCancelled,
)
from baoke_events import TradeIn as TradeInFact

from lead_service.domain.defeat import Defeat, DefeatReason, DefeatRequest
from lead_service.domain.lead import Lead
from lead_service.domain.sale import Sale, Undone


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
