"""Fleets of service-reminder, each in a database of its own, of which a part is due."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from baoke_chassis import migrations
from baoke_chassis.database import Database
from service_reminder.app import service as compose
from service_reminder.settings import Settings
from sqlalchemy import text

from benchmarks.harness import Servers

SERVICE = compose(Settings(database_url="unused"))
DEALER = UUID("0199d3a0-0000-7000-8000-0000000000d1")

_REGISTER = text("""
INSERT INTO vehicle (dealer_id, vehicle_id, customer_id, store_id, vin, make, model, powertrain, purchased_on,
                     odometer_km, registered_at, readings, entry_at, entry_km, next_step_at, correlation_id)
SELECT :dealer_id, CAST(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000001' AS uuid),
       CAST(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000002' AS uuid), :dealer_id,
       'LSVAU21' || lpad(CAST(n AS text), 10, '0'), 'Volkswagen', 'Lavida', 'petrol',
       CAST(now() - interval '860 days' AS date), 0, now() - interval '300 days',
       (SELECT jsonb_agg(jsonb_build_array(
            CAST(extract(epoch FROM now()) AS bigint) / 86400 * 86400000000 - week * 604800000000, 29600 - week * 350
        ) ORDER BY week DESC) FROM generate_series(0, 9) AS week),
       now() - interval '300 days', 15000, now() + make_interval(days => 1 + n % 300), :dealer_id
FROM generate_series(1, :vehicles) AS n
""")
_MAKE_DUE = text("""
UPDATE vehicle SET next_step_at = now() - interval '1 minute', history = '{}'
WHERE dealer_id = :dealer_id AND vehicle_id IN (
    SELECT CAST(lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000001' AS uuid)
    FROM generate_series(1, CAST(:vehicles AS integer), CAST(:step AS integer)) AS n
)
""")


@dataclass(frozen=True, slots=True)
class Fleet:
    """So many vehicles, ten readings each."""

    servers: Servers
    database: Database
    vehicles: int

    async def make_due(self, due: int) -> None:
        """Have so many vehicles (a divisor of all) due, scattered over the fleet, near 30,000 km and never reminded."""
        async with self.database.engine.begin() as connection:
            await connection.execute(text("TRUNCATE reminder, reminder_item, outbox, stream_head, inbox"))
            scattered = {"vehicles": self.vehicles, "step": self.vehicles // due}
            await connection.execute(_MAKE_DUE, {"dealer_id": DEALER, **scattered})
        await self._vacuum()

    async def reminded(self) -> int:
        """How many vehicles were reminded of something."""
        async with self.database.engine.connect() as connection:
            return await connection.scalar(text("SELECT count(DISTINCT vehicle_id) FROM reminder")) or 0

    async def register(self) -> None:
        """Have the vehicles, none of them due, unless they are there."""
        async with self.database.engine.begin() as connection:
            if not await connection.scalar(text("SELECT EXISTS (SELECT FROM vehicle)")):
                await connection.execute(_REGISTER, {"dealer_id": DEALER, "vehicles": self.vehicles})
        await self._vacuum()

    async def _vacuum(self) -> None:
        async with self.database.engine.connect() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await outside.execute(text("VACUUM ANALYZE vehicle"))


@asynccontextmanager
async def fleet_of(servers: Servers, vehicles: int, *, purpose: str) -> AsyncIterator[Fleet]:
    """A fleet; rows of one run that ask for the same number for the same purpose share it."""
    database = Database(servers.database(f"bench_{purpose}_{vehicles}"), service=SERVICE.name)
    try:
        await migrations.upgrade(SERVICE, database.engine)
        fleet = Fleet(servers, database, vehicles)
        await fleet.register()
        yield fleet
    finally:
        await database.close()
