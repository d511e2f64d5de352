"""Demo cars, and the half hours that they are taken."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import DemoCarRow, DemoCarSlotRow
from lead_service.domain.demo_car import DemoCar
from lead_service.domain.errors import DemoCarNotFound, PlateTaken, SlotTaken
from lead_service.domain.test_drive import TestDrive, slots_of

_CAR: Table = DemoCarRow.metadata.tables["demo_car"]
_SLOT: Table = DemoCarSlotRow.metadata.tables["demo_car_slot"]


async def add(session: AsyncSession, car: DemoCar) -> DemoCar | None:
    """The car can be booked, unless the dealer has one with its plate, which is answered then."""
    added = insert(_CAR).values(**asdict(car)).on_conflict_do_nothing(index_elements=["dealer_id", "plate"])
    if (await session.execute(added.returning(_CAR.c.id))).scalar_one_or_none() is not None:
        return None
    query = select(_CAR).where(_CAR.c.dealer_id == car.dealer_id, _CAR.c.plate == car.plate)
    return DemoCar(**(await session.execute(query)).mappings().one())


async def save(session: AsyncSession, car: DemoCar) -> None:
    """The car is as it is here. It was locked by the caller.

    Raises:
        PlateTaken: another demo car of the dealer has its plate.
    """
    values = {name: value for name, value in asdict(car).items() if name not in ("dealer_id", "id")}
    try:
        await session.execute(update(_CAR).where(*_is(car.dealer_id, car.id)).values(**values))
    except IntegrityError as error:
        raise PlateTaken(car.plate) from error


async def remove(session: AsyncSession, car: DemoCar) -> None:
    """The car is none of the store's any more."""
    await session.execute(delete(_CAR).where(*_is(car.dealer_id, car.id)))


async def find(
    session: AsyncSession, dealer_id: UUID, car_id: UUID, *, stores: Collection[UUID] | None = None
) -> DemoCar:
    """The car.

    Raises:
        DemoCarNotFound: the dealer has none like that, or not in these stores; None admits all.
    """
    return await _one(session, select(_CAR).where(*_is(dealer_id, car_id)), car_id, stores)


async def some(session: AsyncSession, keys: Collection[tuple[UUID, UUID]]) -> dict[UUID, DemoCar]:
    """The cars among these (dealer, car) pairs, by id."""
    if not keys:
        return {}
    query = select(_CAR).where(tuple_(_CAR.c.dealer_id, _CAR.c.id).in_(list(keys)))
    return {row["id"]: DemoCar(**row) for row in (await session.execute(query)).mappings()}


async def lock(
    session: AsyncSession, dealer_id: UUID, car_id: UUID, *, stores: Collection[UUID] | None = None
) -> DemoCar:
    """The car, locked until the caller's commit. Raises as `find`."""
    query = select(_CAR).where(*_is(dealer_id, car_id)).with_for_update()
    return await _one(session, query, car_id, stores)


async def lock_all(session: AsyncSession, dealer_id: UUID, car_ids: Collection[UUID]) -> None:
    """The cars are locked, in the order of their ids, so that two who swap cars or times never wait on each other."""
    query = select(_CAR.c.id).where(_CAR.c.dealer_id == dealer_id, _CAR.c.id.in_(list(car_ids)))
    await session.execute(query.order_by(_CAR.c.id).with_for_update())


async def page(
    session: AsyncSession,
    dealer_id: UUID,
    *,
    stores: Collection[UUID] | None,
    store_id: UUID | None,
    in_service: bool | None,
    after: UUID | None,
    limit: int,
) -> list[DemoCar]:
    """Up to `limit` cars of these stores (None: all) behind the one `after`, in the order of their ids."""
    query = select(_CAR).where(_CAR.c.dealer_id == dealer_id)
    if stores is not None:
        query = query.where(_CAR.c.store_id.in_(stores))
    if store_id is not None:
        query = query.where(_CAR.c.store_id == store_id)
    if in_service is not None:
        query = query.where(_CAR.c.in_service == in_service)
    if after is not None:
        query = query.where(_CAR.c.id > after)
    rows = (await session.execute(query.order_by(_CAR.c.id).limit(limit))).mappings()
    return [DemoCar(**row) for row in rows]


async def claim(session: AsyncSession, drive: TestDrive) -> None:
    """The half hours are the test drive's. Unique keys decide, whoever else books at the same time.

    Raises:
        SlotTaken: the car is somebody else's in one of them, or the lead has another car.
    """
    starts = slots_of(drive.starts_at, drive.minutes)
    whose = {"demo_car_id": drive.demo_car_id, "test_drive_id": drive.id, "lead_id": drive.lead_id}
    rows = [{"dealer_id": drive.dealer_id, "starts_at": start, **whose} for start in starts]
    claimed = insert(_SLOT).values(rows).on_conflict_do_nothing().returning(_SLOT.c.starts_at)
    got = set((await session.execute(claimed)).scalars())
    if missing := set(starts) - got:
        raise SlotTaken(min(missing))


async def release(session: AsyncSession, dealer_id: UUID, test_drive_id: UUID) -> None:
    """The test drive's half hours are free."""
    await session.execute(delete(_SLOT).where(_SLOT.c.dealer_id == dealer_id, _SLOT.c.test_drive_id == test_drive_id))


async def taken(
    session: AsyncSession, dealer_id: UUID, car_id: UUID, *, since: datetime, until: datetime
) -> set[datetime]:
    """Which half hours from `since` up to `until` are taken, by their starts."""
    query = select(_SLOT.c.starts_at).where(
        _SLOT.c.dealer_id == dealer_id, _SLOT.c.demo_car_id == car_id, _SLOT.c.starts_at.between(since, until)
    )
    return set((await session.execute(query)).scalars())


async def open_bookings(session: AsyncSession, car: DemoCar) -> int:
    """How many test drives keep the car, now or later."""
    query = select(func.count(_SLOT.c.test_drive_id.distinct())).where(
        _SLOT.c.dealer_id == car.dealer_id, _SLOT.c.demo_car_id == car.id
    )
    return int((await session.execute(query)).scalar_one())


def _is(dealer_id: UUID, car_id: UUID) -> tuple[Any, Any]:
    return _CAR.c.dealer_id == dealer_id, _CAR.c.id == car_id


async def _one(session: AsyncSession, query: Select[Any], car_id: UUID, stores: Collection[UUID] | None) -> DemoCar:
    row = (await session.execute(query)).mappings().one_or_none()
    if row is None or (stores is not None and row["store_id"] not in stores):
        raise DemoCarNotFound(car_id)
    return DemoCar(**row)
