"""Demo cars, and when each can be had."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.etags import IfMatch, set_etag
from baoke_chassis.paging import Page, Paging, instant
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from baoke_events.ids import uuid7
from fastapi import Depends, Query, Response

from lead_service.api.callers import Allocator, Reader
from lead_service.api.schemas.fields import Day
from lead_service.api.schemas.test_drives import EXAMPLE_DAY, DemoCarIn, DemoCarOut, DemoCarSlotOut
from lead_service.commands.keep_demo_cars import add_demo_car, change_demo_car, remove_demo_car
from lead_service.db import demo_cars as db_cars
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.test_drive import SLOT

router = Router(prefix="/v1/demo-cars", tags=["test drives"])


@router.post("", status_code=HTTPStatus.CREATED)
async def create_demo_car(body: DemoCarIn, caller: Allocator, session: Transaction, response: Response) -> DemoCarOut:
    """Add a car that people may try."""
    caller.require_store(body.store_id)
    car = await add_demo_car(session, body.car(caller.dealer_id, uuid7()))
    set_etag(response, car.version)
    return DemoCarOut.of(car)


@router.get("")
async def list_demo_cars(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    store_id: UUID | None = None,
    in_service: bool | None = None,
) -> Page[DemoCarOut]:
    """The demo cars of the stores that the caller may see."""
    cars = await db_cars.page(
        session,
        caller.dealer_id,
        stores=caller.stores,
        store_id=store_id,
        in_service=in_service,
        after=paging.after_one(UUID),
        limit=paging.limit + 1,
    )
    return paging.page(cars, cursor=lambda car: [car.id]).showing(DemoCarOut.of)


@router.get("/{demo_car_id}")
async def show_demo_car(demo_car_id: UUID, caller: Reader, session: Transaction, response: Response) -> DemoCarOut:
    """A demo car."""
    car = await db_cars.find(session, caller.dealer_id, demo_car_id, stores=caller.stores)
    set_etag(response, car.version)
    return DemoCarOut.of(car)


@router.put("/{demo_car_id}")
async def replace_demo_car(
    demo_car_id: UUID, body: DemoCarIn, caller: Allocator, session: Transaction, response: Response, if_match: IfMatch
) -> DemoCarOut:
    """Change a demo car. Its bookings stay, also when it goes out of service."""
    caller.require_store(body.store_id)
    wanted = body.car(caller.dealer_id, demo_car_id)
    car = await change_demo_car(session, wanted, stores=caller.stores, seen=if_match)
    set_etag(response, car.version)
    return DemoCarOut.of(car)


@router.delete("/{demo_car_id}", status_code=HTTPStatus.NO_CONTENT)
async def delete_demo_car(demo_car_id: UUID, caller: Allocator, session: Transaction, if_match: IfMatch) -> None:
    """Take a demo car away that nobody has booked."""
    await remove_demo_car(session, caller.dealer_id, demo_car_id, stores=caller.stores, seen=if_match)


@router.get("/{demo_car_id}/slots")
async def list_demo_car_slots(
    demo_car_id: UUID,
    caller: Reader,
    session: Transaction,
    on: Annotated[Day, Query(description="the day, as dates are where the store is", examples=[EXAMPLE_DAY])],
    paging: Annotated[Paging, Depends(Paging)],
) -> Page[DemoCarSlotOut]:
    """The half hours of a day that have not begun and in which the store works, and whether the car is free then."""
    car = await db_cars.find(session, caller.dealer_id, demo_car_id, stores=caller.stores)
    policy = await rules_of(session, caller.dealer_id, LeadPolicy)
    now = utc_now()
    after = max(now, paging.after_one(instant) or now)
    offered = policy.demo_car_slots(car.store_id, on) if car.in_service else []
    starts = [start for start in offered if start > after][: paging.limit + 1]
    if not starts:
        return Page(items=[])
    taken = await db_cars.taken(session, caller.dealer_id, car.id, since=starts[0], until=starts[-1])
    slots = [DemoCarSlotOut(starts_at=start, ends_at=start + SLOT, is_free=start not in taken) for start in starts]
    return paging.page(slots, cursor=lambda slot: [slot.starts_at])
