"""Odometer readings as they came, with what was decided about them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import insert_of
from customer_service.db.tables import ReadingRow
from customer_service.domain.chain import Point
from customer_service.domain.customers import Key
from customer_service.domain.readings import Identity, Outcome, Reading

_ADD = insert_of(ReadingRow.__table__)
_KNOWN = text("""
SELECT r.dealer_id, r.vehicle_id, r.read_at, r.km, r.source
FROM odometer_reading r JOIN unnest(
    CAST(:dealers AS uuid[]), CAST(:vehicles AS uuid[]), CAST(:read_ats AS timestamptz[]), CAST(:kms AS integer[]),
    CAST(:sources AS text[])
) AS asked (dealer_id, vehicle_id, read_at, km, source) USING (dealer_id, vehicle_id, read_at, km, source)
""")
_NEIGHBOURS = text("""
SELECT DISTINCT asked.dealer_id, asked.vehicle_id, near.read_at, near.km
FROM unnest(CAST(:dealers AS uuid[]), CAST(:vehicles AS uuid[]), CAST(:read_ats AS timestamptz[]))
     AS asked (dealer_id, vehicle_id, at)
CROSS JOIN LATERAL (
    (SELECT read_at, km FROM odometer_reading r
     WHERE r.dealer_id = asked.dealer_id AND r.vehicle_id = asked.vehicle_id
       AND r.reason IS NULL AND r.read_at < asked.at
     ORDER BY read_at DESC, km DESC LIMIT 1)
    UNION ALL
    (SELECT read_at, km FROM odometer_reading r
     WHERE r.dealer_id = asked.dealer_id AND r.vehicle_id = asked.vehicle_id
       AND r.reason IS NULL AND r.read_at = asked.at)
    UNION ALL
    (SELECT read_at, km FROM odometer_reading r
     WHERE r.dealer_id = asked.dealer_id AND r.vehicle_id = asked.vehicle_id
       AND r.reason IS NULL AND r.read_at > asked.at
     ORDER BY read_at, km LIMIT 1)
) AS near
""")


async def known(session: AsyncSession, readings: Sequence[Identity]) -> set[Identity]:
    """Return those of the readings that came before; at least one is asked for."""
    columns = map(list, zip(*readings, strict=True))
    asked = dict(zip(("dealers", "vehicles", "read_ats", "kms", "sources"), columns, strict=True))
    rows = await session.execute(_KNOWN, asked)
    return {(row.dealer_id, row.vehicle_id, row.read_at, row.km, row.source) for row in rows}


async def neighbours(session: AsyncSession, instants: Sequence[tuple[UUID, UUID, datetime]]) -> dict[Key, set[Point]]:
    """Return, by vehicle, the accepted readings next before, at and next after each of its instants."""
    found: dict[Key, set[Point]] = {}
    if not instants:
        return found
    dealers, vehicles, read_ats = zip(*instants, strict=True)
    asked = {"dealers": list(dealers), "vehicles": list(vehicles), "read_ats": list(read_ats)}
    for row in await session.execute(_NEIGHBOURS, asked):
        found.setdefault((row.dealer_id, row.vehicle_id), set()).add(Point(row.read_at, row.km))
    return found


async def add(session: AsyncSession, readings: Sequence[tuple[Reading, Outcome]], *, now: datetime) -> None:
    """Keep readings that are new, each with the reason why it is not accepted, or none."""
    columns = map(list, zip(*((*r.identity, outcome.reason) for r, outcome in readings), strict=True))
    asked = dict(zip(("dealer_id", "vehicle_id", "read_at", "km", "source", "reason"), columns, strict=True))
    await session.execute(_ADD, {**asked, "received_at": [now] * len(readings)})
