"""Which cycle of an item a vehicle is in, and what ends it.

Work done here is known; work done elsewhere is not. So:

- An item that was done here falls due one interval later (distance or time, from that visit).
- Otherwise the booklet counts: the nth time at n intervals from delivery. What fell due before the vehicle became
  known, by more than `assumed_done_after_days`, is assumed to have been done elsewhere, and the next cycle is open.
  A distance counts as driven by then only if a reading says so; an old reading is not extrapolated for that.
- A recurring item that nobody did here is not chased for ever: `lapses_after_days` after its due date it gives way to
  the next cycle.
- A cycle never goes back: once an owner was reminded of cycle 3, a new estimate does not reopen cycle 2.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service_reminder.domain.odometer import Odometer, Reading
from service_reminder.domain.plans import CountsFrom, PlanItem, months_after, shortened, whole_months
from service_reminder.domain.policy import CyclePolicy, ReminderPolicy
from service_reminder.domain.projection import Target, km_at
from service_reminder.domain.vehicles import Done, ItemHistory, Registration

_LONG_BEFORE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Cycle:
    """The open cycle of an item (from 1) and what ends it; no target once a one-off is over."""

    number: int
    target: Target | None


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the distance driven by then."""

    on: date
    km: float


@dataclass(frozen=True, slots=True)
class Use:
    """What is known of one vehicle's driving, as cycles need it.

    `factor` is below 1 in severe use. By days of grace, `assumed_done` is the moment up to which work is assumed done
    elsewhere, and `lapsed` the one up to which an open cycle has given way to the next.
    """

    purchased_on: date
    factor: float
    policy: CyclePolicy
    assumed_done: Mapping[int, Moment]
    lapsed: Mapping[int, Moment]


def use_of(
    items: Iterable[PlanItem],
    registration: Registration,
    odometer: Odometer,
    km_per_day: float,
    *,
    factor: float,
    policy: ReminderPolicy,
    now: datetime,
) -> Use:
    """Work out, once for all items, the moments that their cycles are held against."""
    known, newest, zone = odometer.when_known, odometer.now, policy.zone
    grace = {_grace_days(item, policy.cycles) for item in items}
    lapse = {_lapse_days(item, policy.cycles) for item in items}
    return Use(
        purchased_on=registration.purchased_on,
        factor=factor,
        policy=policy.cycles,
        assumed_done={days: _assumed_done(days, registration, known, km_per_day, zone) for days in grace},
        lapsed={days: _lapsed(days, newest, km_per_day, zone, now) for days in lapse},
    )


def open_cycle(item: PlanItem, history: ItemHistory | None, use: Use) -> Cycle:
    """Find the cycle an item is in."""
    done = history.done if history else None
    least = history.cycle if history else 1
    lapsed = use.lapsed[_lapse_days(item, use.policy)]
    if done and item.counts_from is CountsFrom.LAST_SERVICE and item.recurs:
        return _after_service(item, done, max(least, done.cycle + 1), use, lapsed)
    number = max(least, 1 + _passed(item, use, use.assumed_done[_grace_days(item, use.policy)]))
    if item.recurs:
        number = max(number, 1 + _passed(item, use, lapsed))
    return Cycle(number, None if item.times and number > item.times else _booklet_target(item, number, use))


def close(item: PlanItem, cycle: Cycle, *, on: date, km: int) -> ItemHistory:
    """Close an item's cycle with the work done, and open the next.

    An item that goes by the calendar, done long before its date, was late for the cycle before: what is open stays.
    """
    ahead = cycle.target.on - on if cycle.target and cycle.target.on else timedelta()
    if item.counts_from is CountsFrom.PURCHASE and ahead > _LONG_BEFORE:
        return ItemHistory(cycle.number, None, Done(on, km, cycle.number - 1))
    return ItemHistory(cycle.number + 1, None, Done(on, km, cycle.number))


def lapses_on(item: PlanItem, due_on: date, policy: CyclePolicy) -> date | None:
    """Return the day on which a cycle that is due on `due_on` gives way to the next; None for a one-off."""
    return due_on + timedelta(days=_lapse_days(item, policy)) if item.recurs else None


def _after_service(item: PlanItem, done: Done, least: int, use: Use, lapsed: Moment) -> Cycle:
    """Find the first cycle since the service, from number `least`, that has not lapsed."""
    number = least
    while _is_passed(target := _target_after(item, done, number - done.cycle, use), lapsed):
        number += 1
    return Cycle(number, target)


def _target_after(item: PlanItem, done: Done, intervals: int, use: Use) -> Target:
    km = None if item.every_km is None else done.km + intervals * shortened(item.every_km, use.factor)
    months = None if item.every_months is None else intervals * item.months_between(use.factor)
    return Target(km, None if months is None else months_after(done.on, months))


def _booklet_target(item: PlanItem, number: int, use: Use) -> Target:
    months = item.months_of(number, use.factor)
    on = None if months is None else months_after(use.purchased_on, months)
    return Target(item.km_of(number, use.factor), on)


def _passed(item: PlanItem, use: Use, moment: Moment) -> int:
    """Count the booklet's cycles that fell due up to a moment, by distance or by time."""
    number = 0
    if item.every_km:
        number = int(moment.km // shortened(item.every_km, use.factor))
    if item.every_months and not item.at_months:
        number = max(number, whole_months(use.purchased_on, moment.on) // item.months_between(use.factor))
    while item.times is None or number < item.times:
        if not _is_passed(_booklet_target(item, number + 1, use), moment):
            break
        number += 1
    return number


def _is_passed(target: Target, moment: Moment) -> bool:
    return (target.km is not None and target.km <= moment.km) or (target.on is not None and target.on <= moment.on)


def _assumed_done(days: int, registration: Registration, known: Reading, km_per_day: float, zone: ZoneInfo) -> Moment:
    moment = registration.registered_at - timedelta(days=days)
    km = known.km if known.read_at <= moment else km_at(moment, known, km_per_day)
    return Moment(moment.astimezone(zone).date(), km)


def _lapsed(days: int, newest: Reading, km_per_day: float, zone: ZoneInfo, now: datetime) -> Moment:
    on = now.astimezone(zone).date() - timedelta(days=days)
    day_is_over = datetime.combine(on + timedelta(days=1), time(), zone)
    return Moment(on, km_at(day_is_over, newest, km_per_day))


def _grace_days(item: PlanItem, policy: CyclePolicy) -> int:
    return policy.assumed_done_after_days if item.assumed_done_after_days is None else item.assumed_done_after_days


def _lapse_days(item: PlanItem, policy: CyclePolicy) -> int:
    return policy.lapses_after_days if item.lapses_after_days is None else item.lapses_after_days
