"""Sales that were undone: what was bought is the buyers' no more, and what was given in payment is theirs again."""

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
from customer_service.domain.customers import Key
from customer_service.domain.handovers import Handover, Unwound, given_back, unwind
from customer_service.domain.leads import UndoneSale
from customer_service.domain.vehicles import Vehicle


async def take_back_vehicles(session: AsyncSession, undone: Sequence[UndoneSale], *, now: datetime) -> None:
    """Each vehicle is whose it was before the sales, or nobody's; its readings stay with it.

    A sale that is not registered yet never will be. The person stays a customer, with the segment that follows.
    A vehicle that somebody else has got since stays theirs. Each buyer is told by a `VehicleReturned`, and by a
    `VehicleRegistered` whose the vehicle is again.
    """
    newest = {sale.key: sale for sale in sorted(undone, key=lambda sale: sale.sale_number)}
    await db_leads.cancel_sales(session, newest.values())
    asked = {key: sale.sale_number for key, sale in newest.items()}
    if not (chains := await db_handovers.chains(session, asked)):
        return
    await db_customers.lock(session, {party for chain in chains for handover in chain for party in handover.parties})
    vehicles = await db_vehicles.lock_all(session, [chain[0].vehicle for chain in chains])
    chains = await db_handovers.chains(session, asked)  # what a transaction that was waited for did is seen
    settled = [unwind(chain, asked) for chain in chains]
    after = {unwound.vehicle: given_back(vehicles[unwound.vehicle], unwound) for unwound in settled}
    await db_vehicles.save(session, list(after.values()))
    await db_handovers.remove(session, [handover for unwound in settled for handover in unwound.undone])
    await db_handovers.put(session, [handover for unwound in settled for handover in unwound.changed])
    told = [event for u in settled for event in _told(u, vehicles[u.vehicle], after[u.vehicle], newest, now)]
    await announce(session, [*told, *await decide_segments(session, _because(settled, newest), now=now)])


def _because(settled: Sequence[Unwound], undone: Mapping[Key, UndoneSale]) -> dict[Key, UUID | None]:
    """Return whose vehicles changed, each with the event that undid a sale of theirs."""
    return {party: undone[unwound.undone[-1].lead].causation_id for unwound in settled for party in unwound.parties}


def _told(
    unwound: Unwound, before: Vehicle, after: Vehicle, undone: Mapping[Key, UndoneSale], now: datetime
) -> list[Event]:
    """Who had the vehicle before the sale, or has it now, was not given it by the sale and does not return it."""
    told: list[Event] = [
        _returned(handover, handover.customer_id, undone[handover.lead], now)
        for handover in unwound.undone
        if handover.customer_id and handover.customer_id not in {handover.former_customer_id, after.customer_id}
    ]
    if after.customer_id not in {before.customer_id, None}:
        cause = undone[unwound.undone[-1].lead].causation_id
        told.append(vehicle_registered(after, now=now, lead_id=None, causation_id=cause))
    return told


def _returned(handover: Handover, customer_id: UUID, undone: UndoneSale, now: datetime) -> VehicleReturned:
    return VehicleReturned(
        dealer_id=handover.dealer_id,
        occurred_at=now,
        causation_id=undone.causation_id,
        vehicle_id=handover.vehicle_id,
        customer_id=customer_id,
        store_id=handover.store_id,
        vin=handover.vin,
        make=handover.make,
        model=handover.model,
        lead_id=handover.lead_id,
        sale=handover.sale_number,
        reason=undone.reason,
    )
