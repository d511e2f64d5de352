"""Odometer readings as they came, with what was decided about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from baoke_events.statements import fetch
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.domain.chain import Point
from customer_service.domain.customers import Key
from customer_service.domain.odometer import Reason
from customer_service.domain.readings import Identity, Reading

_ADD = """
WITH reading AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::integer[], $5::text[])
        AS r (dealer_id, vehicle_id, read_at, km, source)
), added AS (
    INSERT INTO odometer_reading (dealer_id, vehicle_id, read_at, km, source, received_at)
    SELECT dealer_id, vehicle_id, read_at, km, source, $6 FROM reading
    ON CONFLICT DO NOTHING RETURNING dealer_id, vehicle_id, read_at, km, source
)
SELECT * FROM reading EXCEPT SELECT * FROM added
"""
_QUARANTINE = text("""
UPDATE odometer_reading r SET reason = q.reason
FROM unnest(
    CAST(:dealers AS uuid[]), CAST(:vehicles AS uuid[]), CAST(:read_ats AS timestamptz[]), CAST(:kms AS integer[]),
    CAST(:sources AS text[]), CAST(:reasons AS text[])
) AS q (dealer_id, vehicle_id, read_at, km, source, reason)
WHERE (r.dealer_id, r.vehicle_id, r.read_at, r.km, r.source)
    = (q.dealer_id, q.vehicle_id, q.read_at, q.km, q.source)
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


async def neighbours(session: AsyncSession, readings: Sequence[Reading]) -> dict[Key, set[Point]]:
    """Return, by vehicle, the accepted readings next before, at and next after each of these."""
    found: dict[Key, set[Point]] = {}
    if not readings:
        return found
    asked = {name: column for name, column in _arrays(readings).items() if name in ("dealers", "vehicles", "read_ats")}
    for row in await session.execute(_NEIGHBOURS, asked):
        found.setdefault((row.dealer_id, row.vehicle_id), set()).add(Point(row.read_at, row.km))
    return found


async def add(session: AsyncSession, readings: Sequence[Reading], *, now: datetime) -> set[Identity]:
    """Keep the readings, as accepted; return those that came before and are as they were. At least one is given."""
    return {tuple(row) for row in await fetch(session, _ADD, *_arrays(readings).values(), now)}


async def quarantine(session: AsyncSession, readings: Sequence[tuple[Reading, Reason | None]]) -> None:
    """Say of readings that were kept why they are not believed."""
    if readings:
        doubted = _arrays([reading for reading, _ in readings])
        await session.execute(_QUARANTINE, {**doubted, "reasons": [reason for _, reason in readings]})


def _arrays(readings: Sequence[Reading]) -> dict[str, list[Any]]:
    dealers, vehicles, read_ats, kms, sources, _ = map(list, zip(*readings, strict=True))
    return {"dealers": dealers, "vehicles": vehicles, "read_ats": read_ats, "kms": kms, "sources": sources}
