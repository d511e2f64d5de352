"""What is shown of odometer readings."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.domain.customers import Key

_NEWEST = text("""
SELECT read_at, km, source, reason, received_at FROM odometer_reading
WHERE dealer_id = :dealer_id AND vehicle_id = :vehicle_id
  AND (CAST(:quarantined AS boolean) IS NULL OR (reason IS NOT NULL) = :quarantined)
  AND (CAST(:before AS timestamptz) IS NULL
       OR (read_at, km, source) < (:before, CAST(:before_km AS integer), CAST(:before_source AS text)))
ORDER BY read_at DESC, km DESC, source DESC LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class KeptReadingRow:
    """A reading and what was decided about it."""

    read_at: datetime
    km: int
    source: str
    reason: str | None
    received_at: datetime

    @property
    def status(self) -> str:
        """Accepted or quarantined."""
        return "quarantined" if self.reason else "accepted"


async def newest(
    session: AsyncSession,
    vehicle: Key,
    *,
    status: str | None,
    limit: int,
    before: tuple[datetime, int, str] | None,
) -> list[KeptReadingRow]:
    """Return a vehicle's readings, of one status or all, newest first."""
    at, km, source = before or (None, None, None)
    asked = {
        "dealer_id": vehicle[0],
        "vehicle_id": vehicle[1],
        "quarantined": None if status is None else status == "quarantined",
        "before": at,
        "before_km": km,
        "before_source": source,
        "limit": limit,
    }
    return [KeptReadingRow(*row) for row in await session.execute(_NEWEST, asked)]
