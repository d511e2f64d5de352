"""What becomes of leads, from lead-service."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import LeadCaptured, LeadDefeated, LeadReactivated, LeadWon, LeadWonCancelled
from baoke_events.consuming import Subscriptions
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.append_timeline import append_timeline
from customer_service.commands.register_buyers import note_sales
from customer_service.commands.take_back_vehicles import take_back_vehicles
from customer_service.domain.leads import Sale, UndoneSale

subscriptions = Subscriptions()


@subscriptions.on(LeadWon)
async def register_buyers_of_won_leads(session: AsyncSession, events: Sequence[LeadWon], *, now: datetime) -> None:
    """Make customers of leads that bought."""
    answers = {(event.dealer_id, event.lead_id): event.id for event in events}
    await note_sales(session, [_sale(event) for event in events], answers, now=now)


@subscriptions.on(LeadWonCancelled)
async def take_back_undone_sales(session: AsyncSession, events: Sequence[LeadWonCancelled], *, now: datetime) -> None:
    """Take back what sales made of leads."""
    undone = [UndoneSale(event.dealer_id, event.lead_id, event.sale, event.reason, event.id) for event in events]
    await take_back_vehicles(session, undone, now=now)


@subscriptions.on(LeadCaptured, LeadDefeated, LeadReactivated, LeadWon, LeadWonCancelled)
async def tell_timeline(session: AsyncSession, events: Sequence[Event], *, now: datetime) -> None:
    """Show what happened before somebody was a customer."""
    await append_timeline(session, events)


def _sale(event: LeadWon) -> Sale:
    return Sale(
        dealer_id=event.dealer_id,
        lead_id=event.lead_id,
        store_id=event.store_id,
        vin=event.vin,
        make=event.make,
        model=event.model,
        trim=event.trim,
        powertrain=event.powertrain,
        odometer_km=event.odometer_km,
        sold_at=event.sold_at,
        sale_number=event.sale,
        trade_in_vin=event.trade_in.vin if event.trade_in else None,
    )
