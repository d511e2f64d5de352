"""The part of a sale that is about vehicles: the one bought is the buyer's, the one given in payment is nobody's.

Publishing is left to the caller.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from baoke_events import VehicleDisposed
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.enter_vehicles import Entered, Purchase, as_bought, enter_vehicles, vehicle_registered
from customer_service.commands.find_trade_ins import find_trade_in
from customer_service.db import vehicles as db_vehicles
from customer_service.domain.customers import Key
from customer_service.domain.handovers import Handover
from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.vehicles import Ownership, Vehicle


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the hand-over of vehicles leaves to be said and to be looked at."""

    events: list[Event] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    """What each sale did, for the case that it is undone."""
    because: dict[Key, UUID | None] = field(default_factory=dict)
    """The present and former owners, each with the event that made them so."""
    vehicles: dict[Key, Vehicle] = field(default_factory=dict)
    """Each vehicle as the latest of the sales leaves it."""


async def hand_over_vehicles(
    session: AsyncSession, purchases: Sequence[Purchase], policies: Mapping[UUID, CustomerPolicy], *, now: datetime
) -> HandedOver:
    """Make each vehicle its buyer's, also one that another customer had before, and take what is given in payment."""
    result = HandedOver()
    for entered in await enter_vehicles(session, purchases, now=now):
        _sell(entered, policies[entered.purchase.dealer_id], result, now)
        _take_in_payment(entered, result, now)
    await db_vehicles.save(session, list(result.vehicles.values()))
    return result


def _sell(entered: Entered, policy: CustomerPolicy, result: HandedOver, now: datetime) -> None:
    purchase, before = entered.purchase, result.vehicles.get(entered.vehicle.key, entered.vehicle)
    vehicle, trade_in = find_trade_in(as_bought(before, purchase), policy, now=now, causation_id=purchase.causation_id)
    former = None if entered.is_new else before.ownership
    registered = vehicle_registered(
        vehicle,
        now=now,
        lead_id=purchase.lead_id,
        causation_id=purchase.causation_id,
        sale_number=purchase.sale_number,
    )
    result.events.extend([registered, *([trade_in] if trade_in else [])])
    _keep(result, purchase, vehicle, former)


def _take_in_payment(entered: Entered, result: HandedOver, now: datetime) -> None:
    """The vehicle given in payment is nobody's from now on. One that is not the buyer's is left alone."""
    purchase, found = entered.purchase, entered.traded_in
    if found is None or found.key == entered.vehicle.key:
        return
    before = result.vehicles.get(found.key, found)
    if before.customer_id == purchase.customer_id:
        result.events.append(_disposed(before, purchase, now))
        _keep(result, purchase, before.owned(None), before.ownership)


def _keep(result: HandedOver, purchase: Purchase, vehicle: Vehicle, former: Ownership | None) -> None:
    result.vehicles[vehicle.key] = vehicle
    owners = {owner.customer_id for owner in (vehicle.ownership, former) if owner}
    result.because.update({(vehicle.dealer_id, owner): purchase.causation_id for owner in owners})
    if purchase.lead_id:
        result.handovers.append(_handover(vehicle, purchase, purchase.lead_id, former))


def _handover(vehicle: Vehicle, purchase: Purchase, lead_id: UUID, former: Ownership | None) -> Handover:
    return Handover(
        dealer_id=vehicle.dealer_id,
        lead_id=lead_id,
        sale_number=purchase.sale_number,
        vehicle_id=vehicle.vehicle_id,
        customer_id=vehicle.customer_id,
        store_id=vehicle.store_id,
        vin=vehicle.vin,
        make=vehicle.make,
        model=vehicle.model,
        former=former,
    )


def _disposed(vehicle: Vehicle, purchase: Purchase, now: datetime) -> VehicleDisposed:
    return VehicleDisposed(
        dealer_id=vehicle.dealer_id,
        occurred_at=now,
        causation_id=purchase.causation_id,
        vehicle_id=vehicle.vehicle_id,
        customer_id=vehicle.owner_id,
        store_id=vehicle.store_id,
        vin=vehicle.vin,
        make=vehicle.make,
        model=vehicle.model,
        reason="traded_in",
        lead_id=purchase.lead_id,
        sale=purchase.sale_number,
    )
