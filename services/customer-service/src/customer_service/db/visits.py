"""Completed services, and what they say of recency, frequency and money."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import arrays, insert_of
from customer_service.db.tables import VisitRow
from customer_service.domain.customers import Key
from customer_service.domain.segments import Rfm

_ADD = insert_of(VisitRow.__table__, "ON CONFLICT DO NOTHING RETURNING dealer_id, visit_id")
_RFM = text("""
SELECT asked.dealer_id, asked.id AS customer_id, v.*,
       (SELECT min(purchased_on) FROM vehicle
        WHERE vehicle.dealer_id = asked.dealer_id AND vehicle.customer_id = asked.id) AS first_purchase_on
FROM unnest(CAST(:dealers AS uuid[]), CAST(:ids AS uuid[]), CAST(:since AS timestamptz[]))
     AS asked (dealer_id, id, since)
CROSS JOIN LATERAL (
    SELECT count(*) AS services, max(completed_at) AS last_visit_at,
           count(*) FILTER (WHERE completed_at >= since) AS frequency,
           CAST(coalesce(sum(amount_cents) FILTER (WHERE completed_at >= since), 0) AS bigint) AS money_cents,
           min(completed_at) FILTER (WHERE completed_at >= since) AS oldest_in_window_at
    FROM visit WHERE visit.dealer_id = asked.dealer_id AND visit.customer_id = asked.id
) AS v
""")


@dataclass(frozen=True, slots=True)
class Visit:
    """A completed service."""

    dealer_id: UUID
    visit_id: UUID
    customer_id: UUID
    vehicle_id: UUID
    store_id: UUID
    completed_at: datetime
    amount_cents: int


async def add(session: AsyncSession, visits: Sequence[Visit]) -> set[Key]:
    """Keep visits and return the keys of those that are new."""
    rows = await session.execute(_ADD, arrays([asdict(visit) for visit in visits]))
    return {(row.dealer_id, row.visit_id) for row in rows}


async def rfm_of(session: AsyncSession, since: Mapping[Key, datetime]) -> dict[Key, Rfm]:
    """Return each customer's numbers; `since` is where the window of frequency and money begins."""
    asked = {"dealers": [d for d, _ in since], "ids": [i for _, i in since], "since": list(since.values())}
    return {
        (row.dealer_id, row.customer_id): Rfm(
            row.first_purchase_on,
            row.services,
            row.last_visit_at,
            row.frequency,
            row.money_cents,
            row.oldest_in_window_at,
        )
        for row in await session.execute(_RFM, asked)
    }
