"""Sales that were undone: their vehicles are not the buyers' any more."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from baoke_events import VehicleReturned
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.announce import announce
from customer_service.commands.enter_vehicles import vehicle_registered
from customer_service.commands.review_segments import decide_segments
from customer_service.db import customers as db_customers
from customer_service.db import handovers as db_handovers
from customer_service.db import leads as db_leads
from customer_service.db import vehicles as db_vehicles
from customer_service.db.handovers import Handover
from customer_service.domain.customers import Key
from customer_service.domain.leads import UndoneSale
from customer_service.domain.vehicles import Vehicle


async def take_back_vehicles(session: AsyncSession, undone: Sequence[UndoneSale], *, now: datetime) -> None:
    """Give each sale's vehicle back to whoever had it before; one that was nobody's is forgotten.

    A sale that is not registered yet never will be. The person stays a customer, with the segment that follows.
    A vehicle that somebody else has got since stays theirs. Each is told by a `VehicleReturned`, and by a
    `VehicleRegistered` where it is somebody's again.
    """
    newest = {sale.key: sale for sale in sorted(undone, key=lambda sale: sale.sale_number)}
    await db_leads.cancel_sales(session, newest.values())
    handovers = await db_handovers.take(session, newest.values())
    if not handovers:
        return
    owners = _owners(handovers, newest)
    await db_customers.lock(session, owners)
    vehicles = await db_vehicles.lock(session, {handover.vehicle for handover in handovers})
    ended = [handover for handover in handovers if _still_holds(handover, vehicles)]
    restored = [_restored(handover, vehicles[handover.vehicle]) for handover in ended if handover.former_customer_id]
    await db_vehicles.save(session, restored)
    await db_vehicles.remove(session, {h.vehicle for h in ended if h.former_customer_id is None})
    told: list[Event] = [_returned(h, newest[h.dealer_id, h.lead_id], now) for h in handovers]
    told += [
        vehicle_registered(vehicle, now=now, lead_id=None, causation_id=owners[vehicle.owner]) for vehicle in restored
    ]
    await announce(session, [*told, *await decide_segments(session, owners, now=now)])


def _owners(handovers: Sequence[Handover], undone: Mapping[Key, UndoneSale]) -> dict[Key, UUID | None]:
    """Return the buyers and the owners before them, each with the event that undid the sale."""
    owners: dict[Key, UUID | None] = {}
    for handover in handovers:
        cause = undone[handover.dealer_id, handover.lead_id].causation_id
        owners[handover.owner] = cause
        if handover.former_customer_id:
            owners[handover.dealer_id, handover.former_customer_id] = cause
    return owners


def _still_holds(handover: Handover, vehicles: Mapping[Key, Vehicle]) -> bool:
    vehicle = vehicles.get(handover.vehicle)
    return vehicle is not None and vehicle.customer_id == handover.customer_id


def _restored(handover: Handover, vehicle: Vehicle) -> Vehicle:
    """Return the vehicle as its owner's before; its odometer stands where it stands."""
    return vehicle._replace(
        customer_id=handover.former_customer_id or vehicle.customer_id,
        store_id=handover.former_store_id or vehicle.store_id,
        purchased_on=handover.former_purchased_on or vehicle.purchased_on,
        purchase_km=vehicle.purchase_km if handover.former_purchase_km is None else handover.former_purchase_km,
    )


def _returned(handover: Handover, undone: UndoneSale, now: datetime) -> VehicleReturned:
    return VehicleReturned(
        dealer_id=handover.dealer_id,
        occurred_at=now,
        causation_id=undone.causation_id,
        vehicle_id=handover.vehicle_id,
        customer_id=handover.customer_id,
        store_id=handover.store_id,
        vin=handover.vin,
        make=handover.make,
        model=handover.model,
        lead_id=handover.lead_id,
        sale=handover.sale_number,
        reason=undone.reason,
    )
