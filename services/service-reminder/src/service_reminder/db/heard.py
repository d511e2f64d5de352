"""Readings as they are heard: they wait in their vehicles' rows until somebody looks at these."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.origin import Origin
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db.vehicles import Key, stored
from service_reminder.domain.odometer import Reading
from service_reminder.domain.reminders import SETTLES_IN, SETTLES_WITHIN


@dataclass(frozen=True, slots=True)
class Heard:
    """Readings of one vehicle, at least one, and the fact that brought the last of them."""

    dealer_id: UUID
    vehicle_id: UUID
    readings: Sequence[Reading]
    origin: Origin


_HEAR = text("""
WITH news AS (
    INSERT INTO vehicle AS v (
        dealer_id, vehicle_id, heard, next_step_at, unsettled_since, causation_id, correlation_id, traceparent
    )
    SELECT dealer_id, vehicle_id, CAST(heard AS jsonb), :settled_at, :now, causation_id, correlation_id, traceparent
    FROM unnest(
        CAST(:dealers AS uuid[]), CAST(:vehicles AS uuid[]), CAST(:heard AS text[]), CAST(:causations AS uuid[]),
        CAST(:correlations AS uuid[]), CAST(:traceparents AS text[])
    ) AS n (dealer_id, vehicle_id, heard, causation_id, correlation_id, traceparent)
    ORDER BY dealer_id, vehicle_id
    ON CONFLICT (dealer_id, vehicle_id) DO UPDATE SET
        heard = v.heard || excluded.heard,
        next_step_at = least(excluded.next_step_at, v.unsettled_since + :settles_within),
        unsettled_since = coalesce(v.unsettled_since, excluded.unsettled_since),
        causation_id = excluded.causation_id, correlation_id = excluded.correlation_id,
        traceparent = excluded.traceparent
    RETURNING dealer_id, vehicle_id, jsonb_array_length(heard) AS waiting
)
SELECT dealer_id, vehicle_id FROM news WHERE waiting > :most
""")


async def add(session: AsyncSession, news: Sequence[Heard], *, now: datetime, most: int) -> list[Key]:
    """Add readings to what is waiting in their vehicles' rows, without reading these; each vehicle is named once.

    They are looked at `SETTLES_IN` from now, and `SETTLES_WITHIN` after the first of them at the latest. Returns
    the vehicles of which more than `most` readings wait.
    """
    asked = {
        "dealers": [one.dealer_id for one in news],
        "vehicles": [one.vehicle_id for one in news],
        "heard": [json.dumps(stored(one.readings)) for one in news],
        "causations": [one.origin.causation_id for one in news],
        "correlations": [one.origin.correlation_id for one in news],
        "traceparents": [one.origin.traceparent for one in news],
    }
    when = {"now": now, "settled_at": now + SETTLES_IN, "settles_within": SETTLES_WITHIN}
    crowded = await session.execute(_HEAR, {**asked, **when, "most": most})
    return [(row.dealer_id, row.vehicle_id) for row in crowded]
