"""What lies ahead of a vehicle, and what was said of it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query
from pydantic import ConfigDict

from service_reminder.api.callers import Reader, Writer
from service_reminder.commands.remind_owners import rules_of
from service_reminder.commands.set_use import set_use
from service_reminder.db import reminders as db_reminders
from service_reminder.db import vehicles as db_vehicles
from service_reminder.domain.errors import VehicleNotFound
from service_reminder.domain.explaining import why
from service_reminder.domain.outlook import ItemOutlook, ItemState, Outlook, look_ahead
from service_reminder.domain.plans import plan_for
from service_reminder.domain.projection import Because, PaceSource
from service_reminder.domain.reminders import ReminderState
from service_reminder.domain.vehicles import Step

router = Router(prefix="/v1", tags=["maintenance"])


class PaceReply(Reply):
    """How far the vehicle is driven a day, and the bounds that hold in nine of ten cases."""

    km_per_day: float
    slowest: float
    fastest: float
    readings: int
    """Readings the pace was taken from: at most the first of each week, and the newest."""
    days: int
    source: PaceSource
    """`prior`: too few readings yet, the dealer's default is assumed."""


class WhyReply(Reply):
    """The reason in words."""

    zh: str
    en: str


class IntervalReply(Reply):
    """The days between which the due date lies in nine of ten cases."""

    earliest_on: date
    latest_on: date


class LastDoneReply(Reply):
    """When and where on the odometer it was last done here."""

    on: date
    km: int


class ItemReply(Reply):
    """One item of the plan, as of now."""

    code: str
    name_zh: str
    name_en: str
    state: ItemState
    cycle: int
    """Which time it is, from 1."""
    due_on: date | None
    due_km: int | None
    because: Because | None
    """What comes first."""
    interval: IntervalReply | None
    calendar_on: date | None
    """The day the calendar alone asks for it."""
    last_done: LastDoneReply | None
    reminded: Step | None
    """The latest reminder of this cycle."""
    why: WhyReply


class PlanUsedReply(Reply):
    """The plan in force for this vehicle; version 0 ships with the product."""

    name: str
    version: int


class MaintenanceReply(Reply):
    """Everything ahead of one vehicle, soonest first."""

    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID
    make: str
    model: str
    powertrain: str
    purchased_on: date
    severe_use: bool
    odometer_km: int
    odometer_read_at: datetime
    km_per_day: float
    pace: PaceReply
    plan: PlanUsedReply | None
    """None where no plan fits the vehicle."""
    items: list[ItemReply]


class UseBody(Body):
    """How the vehicle is used."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"severe_use": True}]})

    severe_use: bool
    """Taxi, dust, short trips: the plan's intervals are shortened by its factor."""


@router.get("/vehicles/{vehicle_id}/maintenance", summary="Show what lies ahead of a vehicle")
async def show_maintenance(vehicle_id: UUID, session: Transaction, caller: Reader) -> MaintenanceReply:
    """Each item of the vehicle's plan with its projected date, the distance or day it follows from, and why."""
    vehicle = await db_vehicles.find_registered(session, caller.dealer_id, vehicle_id)
    known = vehicle.registration if vehicle else None
    if vehicle is None or known is None or not caller.admits_store(known.store_id):
        raise VehicleNotFound(vehicle_id)
    rules = (await rules_of(session, [caller.dealer_id]))[caller.dealer_id]
    plan = plan_for(rules.plans, known.make, known.model, known.powertrain)
    return _maintenance(look_ahead(vehicle, known, plan, rules.policy, utc_now()))


@router.put("/vehicles/{vehicle_id}/use", status_code=204, summary="Say how hard a vehicle is used")
async def put_use(vehicle_id: UUID, body: UseBody, session: Transaction, caller: Writer) -> None:
    """The vehicle's intervals are those of severe use, or of ordinary use, from now on."""
    vehicle = await db_vehicles.find_registered(session, caller.dealer_id, vehicle_id)
    if vehicle and vehicle.registration:
        caller.require_store(vehicle.registration.store_id)
    await set_use(session, caller.dealer_id, vehicle_id, severe=body.severe_use, now=utc_now())


class RemindedItemReply(Reply):
    """One item as the owner was reminded of it."""

    code: str
    cycle: int
    step: Step
    due_on: date
    due_km: int | None
    because: str


class ReminderReply(Reply):
    """One reminder that went out."""

    reminder_id: UUID
    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID
    step: Step
    state: ReminderState
    due_on: date
    """The earliest of the items' dates."""
    odometer_km: int
    items: list[RemindedItemReply]
    sent_at: datetime
    answered_at: datetime | None


@router.get("/reminders", summary="List reminders")
async def list_reminders(
    session: Transaction,
    caller: Reader,
    paging: Annotated[Paging, Depends(Paging)],
    vehicle_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[ReminderState | None, Query()] = None,
) -> Page[ReminderReply]:
    """Reminders that went out, newest first."""
    found = await db_reminders.newest(
        session,
        caller.dealer_id,
        stores=caller.stores,
        vehicle_id=vehicle_id,
        state=state,
        before=paging.after_one(UUID),
        limit=paging.limit + 1,
    )
    return paging.page([ReminderReply.model_validate(one) for one in found], cursor=lambda one: [one.reminder_id])


def _maintenance(ahead: Outlook) -> MaintenanceReply:
    known, newest = ahead.registration, ahead.odometer.now
    soonest = sorted(ahead.items, key=lambda item: (item.due_on is None, item.due_on or date.max, item.item.code))
    return MaintenanceReply(
        vehicle_id=ahead.vehicle.vehicle_id,
        customer_id=known.customer_id,
        store_id=known.store_id,
        make=known.make,
        model=known.model,
        powertrain=known.powertrain,
        purchased_on=known.purchased_on,
        severe_use=ahead.vehicle.severe_use,
        odometer_km=newest.km,
        odometer_read_at=newest.read_at,
        km_per_day=round(ahead.pace.km_per_day, 1),
        pace=PaceReply.model_validate(ahead.pace),
        plan=PlanUsedReply.model_validate(ahead.plan) if ahead.plan else None,
        items=[_item(item, ahead) for item in soonest],
    )


def _item(one: ItemOutlook, ahead: Outlook) -> ItemReply:
    return ItemReply(
        code=one.item.code,
        name_zh=one.item.name_zh,
        name_en=one.item.name_en,
        state=one.state,
        cycle=one.cycle,
        due_on=one.due_on,
        due_km=one.target.km if one.target else None,
        because=one.projection.because if one.projection else None,
        interval=IntervalReply.model_validate(one.projection) if one.projection else None,
        calendar_on=one.target.on if one.target else None,
        last_done=LastDoneReply.model_validate(one.done) if one.done else None,
        reminded=one.reminded,
        why=WhyReply.model_validate(why(one, ahead)),
    )
