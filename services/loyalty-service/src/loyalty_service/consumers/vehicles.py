"""What customer-service tells of vehicles."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import VehicleRegistered
from baoke_events.consuming import Subscriptions, origin_of
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.register_vehicles import RegisterVehicle, register_vehicles

subscriptions = Subscriptions()


@subscriptions.on(VehicleRegistered)
async def learn_owners(session: AsyncSession, events: Sequence[VehicleRegistered], *, now: datetime) -> None:
    """Keep who has which vehicle, and which lead became whom."""
    registered = [
        RegisterVehicle(e.dealer_id, e.customer_id, e.vin.upper(), e.lead_id, origin_of(e.id)) for e in events
    ]
    await register_vehicles(session, registered, now=now)
