"""Keeping a store's demo cars."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from baoke_chassis.versions import require_version
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import demo_cars as db_cars
from lead_service.domain.demo_car import DemoCar
from lead_service.domain.errors import DemoCarBooked, PlateTaken


async def add_demo_car(session: AsyncSession, car: DemoCar) -> DemoCar:
    """The car can be booked. One that the store has just like this is answered as it is.

    Raises:
        PlateTaken: another demo car of the dealer has its plate.
    """
    known = await db_cars.add(session, car)
    if known is None:
        return car
    if replace(known, id=car.id, version=car.version) != car:
        raise PlateTaken(car.plate)
    return known


async def change_demo_car(
    session: AsyncSession, car: DemoCar, *, stores: Collection[UUID] | None, seen: int | None
) -> DemoCar:
    """The car is as given; its bookings stay.

    Raises:
        DemoCarNotFound: the dealer has none like that in these stores.
        StaleVersion: it changed since the caller saw version `seen`.
        PlateTaken: another demo car has its plate.
        DemoCarBooked: it is to go to another store, and is booked in this one.
    """
    before = await db_cars.lock(session, car.dealer_id, car.id, stores=stores)
    require_version(seen, before.version)
    if car.store_id != before.store_id:
        await _require_free(session, before)
    after = replace(car, version=before.version + 1)
    await db_cars.save(session, after)
    return after


async def remove_demo_car(
    session: AsyncSession, dealer_id: UUID, car_id: UUID, *, stores: Collection[UUID] | None, seen: int | None
) -> None:
    """The car is none of the store's any more; the test drives that were made with it stay on record.

    Raises:
        DemoCarNotFound: the dealer has none like that in these stores.
        StaleVersion: it changed since the caller saw version `seen`.
        DemoCarBooked: test drives are booked with it.
    """
    car = await db_cars.lock(session, dealer_id, car_id, stores=stores)
    require_version(seen, car.version)
    await _require_free(session, car)
    await db_cars.remove(session, car)


async def _require_free(session: AsyncSession, car: DemoCar) -> None:
    if bookings := await db_cars.open_bookings(session, car):
        raise DemoCarBooked(bookings)
