"""The vehicles of the benchmarks, known by their number from 1."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

DEALER = UUID("0199d3a0-0000-7000-8000-0000000000d1")
FIRST_KM = 20_000

_VEHICLES = text("""
INSERT INTO vehicle (dealer_id, vehicle_id, customer_id, store_id, vin, make, model, powertrain, purchased_on,
                     purchase_km, odometer_km, odometer_read_at, registered_at)
SELECT :dealer_id, CAST(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000001' AS uuid),
       CAST(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000002' AS uuid), :dealer_id,
       'LSVAU21' || lpad(CAST(n AS text), 10, '0'), 'Volkswagen', 'Lavida', 'petrol',
       CAST(now() - interval '2 years' AS date), 0, :km, now() - interval '10 days', now()
FROM generate_series(1, :vehicles) AS n
""")
_READINGS = text("""
INSERT INTO odometer_reading (dealer_id, vehicle_id, read_at, km, source, received_at)
SELECT dealer_id, vehicle_id, odometer_read_at, odometer_km, 'telematics', now() FROM vehicle
""")


def vehicle_id(number: int) -> str:
    """The id of a vehicle."""
    return f"{number:08x}-0000-7000-8000-000000000001"


def vin(number: int) -> str:
    """The VIN of a vehicle."""
    return f"LSVAU21{number:010d}"


async def register_fleet(engine: AsyncEngine, vehicles: int) -> None:
    """Have so many vehicles in customer-service's database, each with one reading of ten days ago."""
    async with engine.begin() as connection:
        await connection.execute(_VEHICLES, {"dealer_id": DEALER, "km": FIRST_KM, "vehicles": vehicles})
        await connection.execute(_READINGS)
    async with engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await outside.execute(text("VACUUM ANALYZE vehicle, odometer_reading"))
