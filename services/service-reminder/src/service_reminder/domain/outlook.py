"""What lies ahead of one vehicle: each item's cycle, date and reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from service_reminder.domain.cycles import Cycle, Use, close, lapses_on, open_cycle, use_of
from service_reminder.domain.odometer import Odometer, Reading
from service_reminder.domain.plans import Plan, PlanItem
from service_reminder.domain.policy import ReminderPolicy
from service_reminder.domain.projection import Pace, Projection, Target, pace, project
from service_reminder.domain.vehicles import Done, ItemHistory, Registration, Step, Vehicle, odometer_of


class ItemState(StrEnum):
    """Where an item stands."""

    PLANNED = "planned"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DONE = "done"
    """A one-off that was done here."""
    ASSUMED_DONE = "assumed_done"
    """A one-off that fell due long before the vehicle became known."""
    UNDATED = "undated"
    """Nothing falls due within ten years at this pace."""


@dataclass(frozen=True, slots=True)
class ItemOutlook:
    """One item of one vehicle. `target` and `projection` are None where nothing more is to come."""

    item: PlanItem
    cycle: int
    state: ItemState
    target: Target | None = None
    projection: Projection | None = None
    lapses_on: date | None = None
    reminded: Step | None = None
    done: Done | None = None

    @property
    def due_on(self) -> date | None:
        """The projected day, if there is one."""
        return self.projection.due_on if self.projection else None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything ahead of one registered vehicle, as of one instant; nothing where no plan fits it."""

    vehicle: Vehicle
    registration: Registration
    plan: Plan | None
    odometer: Odometer
    pace: Pace
    items: tuple[ItemOutlook, ...]
    zone: ZoneInfo


def look_ahead(
    vehicle: Vehicle, registration: Registration, plan: Plan | None, policy: ReminderPolicy, now: datetime
) -> Outlook:
    """Project every item of the plan for one vehicle; no plan, no items."""
    odometer = odometer_of(vehicle, registration, policy)
    driven = pace(vehicle.readings, policy.pace)
    planned = plan.items if plan else ()
    factor = plan.severe_use_factor if plan and vehicle.severe_use else 1.0
    use = use_of(planned, registration, odometer, driven.km_per_day, factor=factor, policy=policy, now=now)
    view = _View(_local(odometer.now, policy.zone), driven, policy, now.astimezone(policy.zone).date())
    items = tuple(_item(item, vehicle.history.get(item.code), use, view) for item in planned)
    return Outlook(vehicle, registration, plan, odometer, driven, items, policy.zone)


def serviced(ahead: Outlook, codes: frozenset[str], shown: Reading, policy: ReminderPolicy) -> Vehicle:
    """Close the cycles of the items that were done at this odometer reading, and open their next."""
    on = shown.read_at.astimezone(policy.zone).date()
    history: Mapping[str, ItemHistory] = {
        one.item.code: close(one.item, Cycle(one.cycle, one.target), on=on, km=shown.km)
        for one in ahead.items
        if one.item.code in codes
    }
    return replace(ahead.vehicle, history={**ahead.vehicle.history, **history})


@dataclass(frozen=True, slots=True)
class _View:
    """What all items of one vehicle are projected from. `newest` is in the dealer's zone."""

    newest: Reading
    pace: Pace
    policy: ReminderPolicy
    today: date


def _local(reading: Reading, zone: ZoneInfo) -> Reading:
    return Reading(reading.read_at.astimezone(zone), reading.km)


def _item(item: PlanItem, history: ItemHistory | None, use: Use, view: _View) -> ItemOutlook:
    cycle = open_cycle(item, history, use)
    done = history.done if history else None
    if cycle.target is None:
        return ItemOutlook(item, cycle.number, ItemState.DONE if done else ItemState.ASSUMED_DONE, done=done)
    projection = project(cycle.target, view.newest, view.pace)
    return ItemOutlook(
        item,
        cycle.number,
        _state(projection, view),
        target=cycle.target,
        projection=projection,
        lapses_on=lapses_on(item, projection.due_on, use.policy) if projection else None,
        reminded=history.reminded if history and history.cycle == cycle.number else None,
        done=done,
    )


def _state(projection: Projection | None, view: _View) -> ItemState:
    if projection is None:
        return ItemState.UNDATED
    if projection.due_on < view.today:
        return ItemState.OVERDUE
    soon = view.today + timedelta(days=view.policy.steps.first_days_before)
    return ItemState.DUE_SOON if projection.due_on <= soon else ItemState.PLANNED
