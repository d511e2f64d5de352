"""Odometer readings: report many, and see what became of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging, instant
from baoke_chassis.routing import Router, Transaction
from fastapi import Body as FromBody
from fastapi import Depends, Query

from customer_service.api.callers import Reader, Reporter
from customer_service.api.reading_bodies import (
    EXAMPLE,
    KeptReading,
    ReadingOrNot,
    ReadingResults,
    read_batch,
    results_of,
)
from customer_service.commands.record_readings import record_readings
from customer_service.db import customer_views, reading_views
from customer_service.db import vehicles as db_vehicles
from customer_service.domain.errors import VehicleNotFound

router = Router(prefix="/v1", tags=["odometer"])


@router.post("/odometer-readings/batch", response_model=ReadingResults)
async def post_odometer_readings(
    body: Annotated[list[ReadingOrNot], FromBody(min_length=1, max_length=1000, examples=[EXAMPLE])],
    caller: Reporter,
    session: Transaction,
) -> ReadingResults:
    """Report up to 1,000 readings in any order, repeats included; each has its result.

    `accepted` readings count, the rest of what is well-formed is kept: `repeated` (the same
    vehicle, time, km and source came before) or `quarantined` with a reason: `goes_back`,
    `implausible_distance`, `in_the_future`, `before_purchase`. An item that is `rejected` has its
    problem; the others are taken all the same.
    """
    items = read_batch(body)
    vins = {item.vin for item in items.good.values() if item.vin}
    vehicle_of = await db_vehicles.resolve(session, caller.dealer_id, vins) if vins else {}
    readings = items.readings(caller.dealer_id, vehicle_of)
    outcomes = await record_readings(session, list(readings.values()), now=utc_now())
    return results_of(items, dict(zip(readings, outcomes, strict=True)))


@router.get("/vehicles/{vehicle_id}/odometer-readings", response_model=Page[KeptReading])
async def get_odometer_readings(
    vehicle_id: UUID,
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends()],
    status: Annotated[Literal["accepted", "quarantined"] | None, Query()] = None,
) -> Page[KeptReading]:
    """See every reading as it came, newest first, with the reason where it is in quarantine."""
    vehicle = await customer_views.find_vehicle(session, caller.dealer_id, vehicle_id)
    if vehicle is None or not caller.admits_store(vehicle.store_id):
        raise VehicleNotFound(vehicle_id)
    rows = await reading_views.newest(
        session, vehicle.key, status=status, limit=paging.limit + 1, before=paging.after_as(_place)
    )
    shown = [KeptReading.model_validate(row) for row in rows]
    return paging.page(shown, cursor=lambda reading: (reading.read_at, reading.km, reading.source))


def _place(values: Sequence[str]) -> tuple[datetime, int, str]:
    read_at, km, source = values
    return instant(read_at), int(km), source
