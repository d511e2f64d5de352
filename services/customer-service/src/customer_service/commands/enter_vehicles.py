"""The part of registering vehicles that both doors share; it leaves publishing to its caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from baoke_events import VehicleRegistered
from baoke_events.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db import vehicles as db_vehicles
from customer_service.domain.vehicles import Ownership, Vehicle


@dataclass(frozen=True, slots=True)
class Purchase:
    """A vehicle that somebody owns from a day on."""

    dealer_id: UUID
    customer_id: UUID
    store_id: UUID
    vin: str
    make: str
    model: str
    trim: str | None
    powertrain: str
    purchased_on: date
    odometer_km: int = 0
    """At purchase; 0 says nothing."""
    plate: str | None = None
    lead_id: UUID | None = None
    sale_number: int = 1
    trade_in_vin: str | None = None
    """The vehicle that the buyer gives in payment."""
    causation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A purchase and the vehicle as it was found or made, which may be another customer's, or nobody's."""

    purchase: Purchase
    vehicle: Vehicle
    is_new: bool
    """Whether nobody had it."""
    traded_in: Vehicle | None = None
    """The vehicle with the VIN that is given in payment, if the dealer has it; whoever has it."""


async def enter_vehicles(session: AsyncSession, purchases: Sequence[Purchase], *, now: datetime) -> list[Entered]:
    """Make a vehicle of each purchase whose VIN the dealer does not have; all are locked. In the purchases' order."""
    inserted = await db_vehicles.insert_new(session, [_vehicle_of(purchase, now) for purchase in purchases])
    named = [(p.dealer_id, vin) for p in purchases for vin in (p.vin, p.trade_in_vin) if vin]
    vehicles = await db_vehicles.lock_by_vin(session, named)
    ownerless = inserted | {identity for identity, vehicle in vehicles.items() if vehicle.customer_id is None}
    entered = []
    for purchase in purchases:
        identity = (purchase.dealer_id, purchase.vin)
        traded_in = vehicles.get((purchase.dealer_id, purchase.trade_in_vin or ""))
        entered.append(Entered(purchase, vehicles[identity], identity in ownerless, traded_in))
        ownerless.discard(identity)
    return entered


def as_bought(vehicle: Vehicle, purchase: Purchase) -> Vehicle:
    """Return the vehicle as its buyer's. Its odometer does not start anew.

    One that was nobody's is described as it is now: the sale that described it before may have been a wrong entry.
    """
    if vehicle.customer_id == purchase.customer_id:
        return vehicle
    stands_at = vehicle.odometer_km if vehicle.customer_id or vehicle.odometer_read_at else 0
    km = max(stands_at, purchase.odometer_km)
    bought = vehicle.owned(Ownership(purchase.customer_id, purchase.store_id, purchase.purchased_on, km))
    if vehicle.customer_id is None:
        named = {name: getattr(purchase, name) for name in ("plate", "make", "model", "trim", "powertrain")}
        bought = bought._replace(**named)
    return bought._replace(odometer_km=km)


def vehicle_registered(
    vehicle: Vehicle, *, now: datetime, lead_id: UUID | None, causation_id: UUID | None, sale_number: int = 1
) -> VehicleRegistered:
    """Return the event that says whose the vehicle is."""
    return VehicleRegistered(
        dealer_id=vehicle.dealer_id,
        occurred_at=now,
        causation_id=causation_id,
        vehicle_id=vehicle.vehicle_id,
        customer_id=vehicle.owner_id,
        store_id=vehicle.store_id,
        vin=vehicle.vin,
        make=vehicle.make,
        model=vehicle.model,
        trim=vehicle.trim,
        powertrain=vehicle.powertrain,
        purchased_on=vehicle.purchased_on,
        odometer_km=vehicle.odometer_km,
        lead_id=lead_id,
        sale=sale_number,
    )


def _vehicle_of(purchase: Purchase, now: datetime) -> Vehicle:
    return Vehicle(
        dealer_id=purchase.dealer_id,
        vehicle_id=uuid7(),
        customer_id=purchase.customer_id,
        store_id=purchase.store_id,
        vin=purchase.vin,
        plate=purchase.plate,
        make=purchase.make,
        model=purchase.model,
        trim=purchase.trim,
        powertrain=purchase.powertrain,
        purchased_on=purchase.purchased_on,
        purchase_km=purchase.odometer_km,
        odometer_km=purchase.odometer_km,
        odometer_read_at=None,
        trade_in_year=None,
        registered_at=now,
    )
