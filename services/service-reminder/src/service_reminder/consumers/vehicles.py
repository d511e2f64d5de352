"""customer-service's vehicles and their odometers."""

from collections.abc import Sequence
from datetime import datetime

from baoke_events import MileageUpdated, VehicleDisposed, VehicleRegistered, VehicleReturned
from baoke_events.consuming import Subscriptions
from baoke_events.origin import origin_of
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.commands.track_vehicles import TrackVehicle, track_vehicles
from service_reminder.domain.odometer import Reading
from service_reminder.domain.vehicles import Registration, Return

subscriptions = Subscriptions()


Told = VehicleRegistered | VehicleReturned | VehicleDisposed | MileageUpdated


@subscriptions.on(VehicleRegistered, VehicleReturned, VehicleDisposed, MileageUpdated)
async def follow_vehicles(session: AsyncSession, events: Sequence[Told], *, now: datetime) -> None:
    """Project what is due of every vehicle heard of, and remind its owner if it is time."""
    commands = [TrackVehicle(e.dealer_id, e.vehicle_id, _heard(e), origin_of(e.id)) for e in events]
    await track_vehicles(session, commands, now=now)


def _heard(event: Told) -> Registration | Return | Reading:
    if isinstance(event, MileageUpdated):
        return Reading(event.read_at, event.km)
    if isinstance(event, VehicleReturned | VehicleDisposed):
        return Return(event.customer_id, event.occurred_at)
    return Registration(
        customer_id=event.customer_id,
        store_id=event.store_id,
        vin=event.vin,
        make=event.make,
        model=event.model,
        powertrain=event.powertrain,
        purchased_on=event.purchased_on,
        odometer_km=event.odometer_km,
        registered_at=event.occurred_at,
        by_sale=event.lead_id is not None,
    )
