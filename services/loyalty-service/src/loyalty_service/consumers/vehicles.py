"""What customer-service tells of vehicles."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import VehicleRegistered, VehicleReturned
from baoke_events.consuming import Subscriptions, origin_of
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.register_vehicles import RegisterVehicle, register_vehicles
from loyalty_service.db import purchases as db_purchases

subscriptions = Subscriptions()


@subscriptions.on(VehicleRegistered)
async def learn_owners(session: AsyncSession, events: Sequence[VehicleRegistered], *, now: datetime) -> None:
    """Keep who has which vehicle, and which lead became whom."""
    registered = [
        RegisterVehicle(e.dealer_id, e.customer_id, e.vin.upper(), e.lead_id, e.sale, origin_of(e.id)) for e in events
    ]
    await register_vehicles(session, registered, now=now)


@subscriptions.on(VehicleReturned)
async def forget_owners(session: AsyncSession, events: Sequence[VehicleReturned], *, now: datetime) -> None:
    """Forget who had a vehicle by a sale that was undone."""
    await db_purchases.forget_owners(session, [((e.dealer_id, e.customer_id), e.vin.upper()) for e in events])
