"""Workshops' room and hours, and the slots that follow from them."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from baoke_chassis.clock import utc_now
from baoke_chassis.etags import IfMatch, set_etag
from baoke_chassis.paging import Page, Paging, instant
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query, Response
from pydantic import ConfigDict, Field, model_validator

from service_reminder.api.callers import Planner, Reader
from service_reminder.commands.book_appointment import workshop_of
from service_reminder.commands.put_workshop import put_workshop
from service_reminder.db import workshops as db_workshops
from service_reminder.domain.slots import Workshop, slots_on

router = Router(prefix="/v1", tags=["appointments"])


class WorkshopBody(Body):
    """What a workshop says of itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"bays": 6, "opens": "08:00", "closes": "18:00", "slot_minutes": 90, "open_days": [1, 2, 3, 4, 5, 6]}
            ]
        }
    )

    bays: int = Field(ge=1, le=1000)
    opens: time
    closes: time
    slot_minutes: int = Field(default=60, ge=5, le=1440)
    open_days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    """ISO weekdays, Monday being 1."""
    hold_minutes: int = Field(default=15, ge=1, le=10_080)
    """After which a slot that is only held is free again."""

    @model_validator(mode="after")
    def _is_a_workshop(self) -> "WorkshopBody":
        self.to_domain()
        return self

    def to_domain(self) -> Workshop:
        """Return the workshop that this says."""
        return Workshop(**self.model_dump())


class WorkshopReply(Reply):
    """A workshop's room and hours."""

    bays: int
    opens: time
    closes: time
    slot_minutes: int
    open_days: list[int]
    hold_minutes: int


class SlotReply(Reply):
    """One slot of a day."""

    starts_at: datetime
    ends_at: datetime
    bays: int
    free: int


@router.get("/workshops/{store_id}", summary="Show a workshop")
async def show_workshop(store_id: UUID, response: Response, session: Transaction, caller: Reader) -> WorkshopReply:
    """The workshop's room and hours; the dealer's default where it said nothing, with ETag 0."""
    workshop, _ = await workshop_of(session, caller.dealer_id, store_id)
    found = await db_workshops.find(session, caller.dealer_id, store_id)
    set_etag(response, found[1] if found else 0)
    return WorkshopReply.model_validate(workshop)


@router.put("/workshops/{store_id}", summary="Say what a workshop can take")
async def replace_workshop(
    store_id: UUID, body: WorkshopBody, response: Response, session: Transaction, caller: Planner, if_match: IfMatch
) -> WorkshopReply:
    """The workshop's slots follow from this from now on. Appointments that were made stay."""
    caller.require_store(store_id)
    workshop = body.to_domain()
    set_etag(response, await put_workshop(session, caller.dealer_id, store_id, workshop, seen=if_match))
    return WorkshopReply.model_validate(workshop)


@router.get("/slots", summary="List a day's slots")
async def list_slots(
    session: Transaction,
    caller: Reader,
    store_id: Annotated[UUID, Query(description="the workshop's store")],
    on: Annotated[date, Query(description="the day, as dates are where the dealer is", examples=["2099-03-02"])],
    paging: Annotated[Paging, Depends(Paging)],
) -> Page[SlotReply]:
    """The slots of the day that have not started, with how many bays are free."""
    workshop, policy = await workshop_of(session, caller.dealer_id, store_id)
    now = utc_now()
    after = max(now, paging.after_one(instant) or now)
    starts = [starts_at for starts_at in slots_on(workshop, on, policy.zone) if starts_at > after]
    if not starts:
        return Page(items=[])
    taken = await db_workshops.taken(session, caller.dealer_id, store_id, since=starts[0], until=starts[-1])
    length = timedelta(minutes=workshop.slot_minutes)
    slots = [
        SlotReply(
            starts_at=starts_at,
            ends_at=starts_at + length,
            bays=workshop.bays,
            free=max(0, workshop.bays - taken[starts_at]),
        )
        for starts_at in starts[: paging.limit + 1]
    ]
    return paging.page(slots, cursor=lambda slot: [slot.starts_at])
