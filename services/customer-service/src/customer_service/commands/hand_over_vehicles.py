"""The part of a sale that is about the vehicle: it becomes the buyer's. Publishing is left to the caller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.enter_vehicles import Purchase, enter_vehicles, vehicle_registered
from customer_service.commands.find_trade_ins import find_trade_in
from customer_service.db import vehicles as db_vehicles
from customer_service.db.handovers import Handover
from customer_service.domain.customers import Key
from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.vehicles import Vehicle


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the hand-over of vehicles leaves to be said and to be looked at."""

    events: list[Event] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    """What each sale did, for the case that it is undone."""
    because: dict[Key, UUID | None] = field(default_factory=dict)
    """The present and former owners, each with the event that made them so."""


async def hand_over_vehicles(
    session: AsyncSession, purchases: Sequence[Purchase], policies: Mapping[UUID, CustomerPolicy], *, now: datetime
) -> HandedOver:
    """Make each vehicle its buyer's, also one that another customer had before."""
    result = HandedOver()
    latest: dict[Key, Vehicle] = {}
    for entered in await enter_vehicles(session, purchases, now=now):
        purchase, before = entered.purchase, latest.get(entered.vehicle.key, entered.vehicle)
        vehicle = _with_new_owner(before, purchase)
        vehicle, trade_in = find_trade_in(
            vehicle, policies[vehicle.dealer_id], now=now, causation_id=purchase.causation_id
        )
        latest[vehicle.key] = vehicle
        result.because.update({before.owner: purchase.causation_id, vehicle.owner: purchase.causation_id})
        if purchase.lead_id:
            result.handovers.append(
                _handover(vehicle, purchase, purchase.lead_id, before if not entered.is_new else None)
            )
        registered = vehicle_registered(
            vehicle,
            now=now,
            lead_id=purchase.lead_id,
            causation_id=purchase.causation_id,
            sale_number=purchase.sale_number,
        )
        result.events.extend([registered, *([trade_in] if trade_in else [])])
    await db_vehicles.save(session, list(latest.values()))
    return result


def _handover(vehicle: Vehicle, purchase: Purchase, lead_id: UUID, before: Vehicle | None) -> Handover:
    """Return what the sale did. Whose the vehicle was already, by hand, has it by the sale."""
    former = before if before and before.customer_id != purchase.customer_id else None
    return Handover(
        dealer_id=vehicle.dealer_id,
        lead_id=lead_id,
        sale_number=purchase.sale_number,
        vehicle_id=vehicle.vehicle_id,
        customer_id=purchase.customer_id,
        store_id=vehicle.store_id,
        vin=vehicle.vin,
        make=vehicle.make,
        model=vehicle.model,
        former_customer_id=former.customer_id if former else None,
        former_store_id=former.store_id if former else None,
        former_purchased_on=former.purchased_on if former else None,
        former_purchase_km=former.purchase_km if former else None,
    )


def _with_new_owner(vehicle: Vehicle, purchase: Purchase) -> Vehicle:
    """Return the vehicle as its buyer's. Its odometer does not start anew."""
    if vehicle.customer_id == purchase.customer_id:
        return vehicle
    km = max(vehicle.odometer_km, purchase.odometer_km)
    return vehicle._replace(
        customer_id=purchase.customer_id,
        store_id=purchase.store_id,
        purchased_on=purchase.purchased_on,
        purchase_km=km,
        odometer_km=km,
    )
