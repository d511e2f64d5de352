"""Vehicles and the odometer they are believed to show."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import arrays, insert_of
from customer_service.db.tables import VehicleRow
from customer_service.domain.customers import Key
from customer_service.domain.vehicles import Vehicle

COLUMNS = ", ".join(f"vehicle.{name}" for name in Vehicle._fields)
_INSERT = insert_of(VehicleRow.__table__, "ON CONFLICT (dealer_id, vin) DO NOTHING RETURNING dealer_id, vin")
_BY_VIN = text(f"""
SELECT {COLUMNS} FROM vehicle
JOIN unnest(CAST(:dealers AS uuid[]), CAST(:vins AS text[])) AS wanted (dealer_id, vin) USING (dealer_id, vin)
ORDER BY vehicle.dealer_id, vehicle.vehicle_id FOR UPDATE OF vehicle
""")
_RESOLVE = text("SELECT vin, vehicle_id FROM vehicle WHERE dealer_id = :dealer_id AND vin = ANY(CAST(:vins AS text[]))")
_LOCK_ANY = f"""
SELECT {COLUMNS} FROM vehicle
JOIN unnest($1::uuid[], $2::uuid[]) AS key (dealer_id, id)
  ON vehicle.dealer_id = key.dealer_id AND vehicle.vehicle_id = key.id {{}}
ORDER BY vehicle.dealer_id, vehicle.vehicle_id FOR UPDATE OF vehicle
"""
_LOCK = _LOCK_ANY.format("AND vehicle.customer_id IS NOT NULL")
_LOCK_ALL = _LOCK_ANY.format("")
_UPDATE = text("""
UPDATE vehicle SET customer_id = u.customer_id, store_id = u.store_id, plate = u.plate, make = u.make,
    model = u.model, trim = u.trim, powertrain = u.powertrain, purchased_on = u.purchased_on,
    purchase_km = u.purchase_km, odometer_km = u.odometer_km, odometer_read_at = u.odometer_read_at,
    trade_in_year = u.trade_in_year
FROM unnest(
    CAST(:dealer_id AS uuid[]), CAST(:vehicle_id AS uuid[]), CAST(:customer_id AS uuid[]), CAST(:store_id AS uuid[]),
    CAST(:plate AS text[]), CAST(:make AS text[]), CAST(:model AS text[]), CAST(:trim AS text[]),
    CAST(:powertrain AS text[]), CAST(:purchased_on AS date[]), CAST(:purchase_km AS integer[]),
    CAST(:odometer_km AS integer[]), CAST(:odometer_read_at AS timestamptz[]), CAST(:trade_in_year AS smallint[])
) AS u (dealer_id, vehicle_id, customer_id, store_id, plate, make, model, trim, powertrain, purchased_on, purchase_km,
        odometer_km, odometer_read_at, trade_in_year)
WHERE vehicle.dealer_id = u.dealer_id AND vehicle.vehicle_id = u.vehicle_id
""")
_MOVE = text("""
UPDATE vehicle SET odometer_km = u.odometer_km, odometer_read_at = u.odometer_read_at, trade_in_year = u.trade_in_year
FROM unnest(
    CAST(:dealer_id AS uuid[]), CAST(:vehicle_id AS uuid[]), CAST(:odometer_km AS integer[]),
    CAST(:odometer_read_at AS timestamptz[]), CAST(:trade_in_year AS smallint[])
) AS u (dealer_id, vehicle_id, odometer_km, odometer_read_at, trade_in_year)
WHERE vehicle.dealer_id = u.dealer_id AND vehicle.vehicle_id = u.vehicle_id
""")
_MOVING = ("dealer_id", "vehicle_id", "odometer_km", "odometer_read_at", "trade_in_year")
_CHANGING = (
    "dealer_id",
    "vehicle_id",
    "customer_id",
    "store_id",
    "plate",
    "make",
    "model",
    "trim",
    "powertrain",
    "purchased_on",
    "purchase_km",
    "odometer_km",
    "odometer_read_at",
    "trade_in_year",
)


async def insert_new(session: AsyncSession, vehicles: Iterable[Vehicle]) -> set[tuple[UUID, str]]:
    """Add those vehicles whose VIN the dealer does not have, and return their dealers and VINs."""
    ordered = sorted(vehicles, key=lambda vehicle: (vehicle.dealer_id, vehicle.vin))
    rows = await session.execute(_INSERT, arrays([vehicle._asdict() for vehicle in ordered]))
    return {(row.dealer_id, row.vin) for row in rows}


async def lock_by_vin(session: AsyncSession, vins: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], Vehicle]:
    """Return the vehicles with these VINs, by dealer and VIN, locked."""
    wanted = sorted(set(vins))
    found = {"dealers": [dealer for dealer, _ in wanted], "vins": [vin for _, vin in wanted]}
    return {
        (vehicle.dealer_id, vehicle.vin): vehicle for vehicle in map(vehicle_of, await session.execute(_BY_VIN, found))
    }


async def resolve(session: AsyncSession, dealer_id: UUID, vins: Iterable[str]) -> dict[str, UUID]:
    """Return the ids of those of a dealer's vehicles that have these VINs."""
    rows = await session.execute(_RESOLVE, {"dealer_id": dealer_id, "vins": sorted(set(vins))})
    return {row.vin: row.vehicle_id for row in rows}


async def lock(session: AsyncSession, keys: Collection[Key]) -> dict[Key, Vehicle]:
    """Return those of the vehicles that are somebody's, locked, in the order of their ids. No key is named twice."""
    return await _locked(session, _LOCK, keys)


async def lock_all(session: AsyncSession, keys: Collection[Key]) -> dict[Key, Vehicle]:
    """Return the vehicles, also those that are nobody's, locked, in the order of their ids. No key is named twice."""
    return await _locked(session, _LOCK_ALL, keys)


async def _locked(session: AsyncSession, statement: str, keys: Collection[Key]) -> dict[Key, Vehicle]:
    rows = await fetch(session, statement, [dealer_id for dealer_id, _ in keys], [id_ for _, id_ in keys])
    return {vehicle.key: vehicle for vehicle in map(Vehicle._make, rows)}


async def save(session: AsyncSession, vehicles: Sequence[Vehicle]) -> None:
    """Store the vehicles' owner, description, purchase, odometer and trade-in year."""
    rows = [{name: getattr(vehicle, name) for name in _CHANGING} for vehicle in vehicles]
    if rows:
        await session.execute(_UPDATE, arrays(rows))


async def move_odometers(session: AsyncSession, vehicles: Sequence[Vehicle]) -> None:
    """Store where the vehicles' odometers stand, and their trade-in year; at least one is given."""
    moved = {name: [getattr(vehicle, name) for vehicle in vehicles] for name in _MOVING}
    await session.execute(_MOVE, moved)


def vehicle_of(row: Row[Any]) -> Vehicle:
    """Return the vehicle in a row of `COLUMNS`."""
    return Vehicle._make(row)
