"""Register a vehicle of a customer."""

from datetime import datetime, timedelta

from baoke_chassis.policy import rules_of
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.announce import announce
from customer_service.commands.enter_vehicles import Entered, Purchase, as_bought, enter_vehicles, vehicle_registered
from customer_service.commands.find_trade_ins import find_trade_in
from customer_service.commands.review_segments import decide_segments
from customer_service.db import customers as db_customers
from customer_service.db import vehicles as db_vehicles
from customer_service.domain.errors import PurchaseInTheFuture, VehicleBelongsToAnother
from customer_service.domain.policy import CustomerPolicy


async def register_vehicle(session: AsyncSession, purchase: Purchase, *, now: datetime) -> Entered:
    """Make the vehicle the customer's and say so; a vehicle that is the customer's already is left alone.

    Raises:
        PurchaseInTheFuture: it is not bought yet.
        VehicleBelongsToAnother: another customer of the dealer has the VIN.
    """
    policy = await rules_of(session, purchase.dealer_id, CustomerPolicy)
    if purchase.purchased_on > policy.local_date(now) + timedelta(days=1):
        raise PurchaseInTheFuture
    await db_customers.lock(session, [(purchase.dealer_id, purchase.customer_id)])
    (entered,) = await enter_vehicles(session, [purchase], now=now)
    if entered.vehicle.customer_id not in {None, purchase.customer_id}:
        raise VehicleBelongsToAnother(purchase.vin)
    if entered.is_new:
        await announce(session, await _news(session, entered, policy, now))
    return entered


async def _news(session: AsyncSession, entered: Entered, policy: CustomerPolicy, now: datetime) -> list[Event]:
    """Store and return what follows from a new vehicle."""
    bought = as_bought(entered.vehicle, entered.purchase)
    vehicle, trade_in = find_trade_in(bought, policy, now=now, causation_id=None)
    if vehicle != entered.vehicle:
        await db_vehicles.save(session, [vehicle])
    segments = await decide_segments(session, {vehicle.owner: None}, now=now)
    registered = vehicle_registered(vehicle, now=now, lead_id=None, causation_id=None)
    return [registered, *([trade_in] if trade_in else []), *segments]
