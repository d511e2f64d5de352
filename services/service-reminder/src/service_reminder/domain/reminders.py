"""When to remind an owner, of what, and with what together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from service_reminder.domain.outlook import ItemOutlook, Outlook, look_ahead
from service_reminder.domain.plans import Plan, plan_for
from service_reminder.domain.policy import ReminderPolicy, StepPolicy
from service_reminder.domain.vehicles import STEPS, ItemHistory, Step, Vehicle

SETTLES_IN = timedelta(seconds=5)
"""News of one vehicle comes in bursts, such as a trip or a backlog; it is acted on once there was quiet for so long."""

SETTLES_WITHIN = timedelta(minutes=1)
"""And so long after the first news at the latest: a vehicle on the road may report every few seconds for hours."""

_AT_LEAST = timedelta(minutes=1)


class ReminderState(StrEnum):
    """What became of a reminder."""

    SENT = "sent"
    ANSWERED = "answered"
    """A visit did at least one of its items."""


@dataclass(frozen=True, slots=True)
class RemindedItem:
    """One item of a reminder and the step of its cycle that this says."""

    outlook: ItemOutlook
    due_on: date
    step: Step


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one message reminds of. `due_on` is the earliest of the items' dates, `step` that item's."""

    step: Step
    due_on: date
    items: tuple[RemindedItem, ...]


def reminders_due(items: Iterable[ItemOutlook], steps: StepPolicy, today: date) -> list[Reminder]:
    """Gather what has to be said: for each item the latest step that has come, unless it was said.

    The item that is due first takes along whatever else is due within `together_days` of it, so that the owner comes
    once. An overdue one takes along only what is past its date, or has a step of its own to say.
    """
    dated = [(outlook.due_on, outlook) for outlook in items if outlook.due_on]
    open_items = sorted(dated, key=lambda pair: (pair[0], pair[1].item.code))
    found: list[Reminder] = []
    while lead := next((pair for pair in open_items if _step_to_say(*pair, steps, today)), None):
        reminder = _with_company(*lead, open_items, steps, today)
        found.append(reminder)
        said = {reminded.outlook.item.code for reminded in reminder.items}
        open_items = [pair for pair in open_items if pair[1].item.code not in said]
    return found


@dataclass(frozen=True, slots=True)
class Attended:
    """A vehicle after everything due was said, and when to look at it again; None: not before something is heard."""

    vehicle: Vehicle
    reminders: tuple[Reminder, ...] = ()
    next_step_at: datetime | None = None


def attend(vehicle: Vehicle, plans: Iterable[Plan], policy: ReminderPolicy, now: datetime) -> Attended:
    """Say what is due of a vehicle at `now`. One that is not registered, or that no plan fits, has nothing due."""
    known = vehicle.registration
    if known is None:
        return Attended(vehicle)
    plan = plan_for(plans, known.make, known.model, known.powertrain)
    ahead = look_ahead(vehicle, known, plan, policy, now)
    reminders = tuple(reminders_due(ahead.items, policy.steps, _reminding_day(policy, now)))
    after = _remember(vehicle, reminders)
    return Attended(after, reminders, _next_step_at(ahead, after.history, policy, now))


def _remember(vehicle: Vehicle, reminders: Iterable[Reminder]) -> Vehicle:
    said = {
        item.outlook.item.code: ItemHistory(item.outlook.cycle, item.step, item.outlook.done)
        for reminder in reminders
        for item in reminder.items
    }
    return replace(vehicle, history={**vehicle.history, **said}) if said else vehicle


def _reminding_day(policy: ReminderPolicy, now: datetime) -> date:
    """Return the day whose reminders go out: until `from_hour` that is still yesterday."""
    return (now.astimezone(policy.zone) - timedelta(hours=policy.steps.from_hour)).date()


def _next_step_at(
    ahead: Outlook, history: Mapping[str, ItemHistory], policy: ReminderPolicy, now: datetime
) -> datetime | None:
    """Return when there is next something to say, or a cycle to give up; always after `now`."""
    said = {code: (one.cycle, one.reminded) for code, one in history.items()}
    moments = []
    for outlook in ahead.items:
        cycle, step = said.get(outlook.item.code, (0, None))
        following = _step_after(step if cycle == outlook.cycle else None)
        if outlook.due_on and following:
            on = outlook.due_on + _distance(following, policy.steps)
            moments.append((on, time(policy.steps.from_hour)))
        elif outlook.lapses_on:
            moments.append((outlook.lapses_on, time()))
    if not moments:
        return None
    return max(datetime.combine(*min(moments), policy.zone), now + _AT_LEAST)


def _with_company(
    first_due_on: date,
    lead: ItemOutlook,
    open_items: Sequence[tuple[date, ItemOutlook]],
    steps: StepPolicy,
    today: date,
) -> Reminder:
    step = _step_to_say(first_due_on, lead, steps, today) or Step.FIRST
    until = first_due_on + timedelta(days=steps.together_days)
    items = tuple(
        RemindedItem(outlook, due_on, its_step)
        for due_on, outlook in open_items
        if first_due_on <= due_on <= until
        if (its_step := _step_beside(due_on, outlook, step, steps, today))
    )
    return Reminder(step, first_due_on, items)


def _step_beside(due_on: date, outlook: ItemOutlook, step: Step, steps: StepPolicy, today: date) -> Step | None:
    if step is Step.OVERDUE and due_on >= today:
        return _step_to_say(due_on, outlook, steps, today)
    return step if _is_later(step, outlook.reminded) else None


def _step_to_say(due_on: date, outlook: ItemOutlook, steps: StepPolicy, today: date) -> Step | None:
    """Return the latest step that has come, unless it or a later one was said."""
    come = [step for step in STEPS if due_on + _distance(step, steps) <= today]
    return come[-1] if come and _is_later(come[-1], outlook.reminded) else None


def _is_later(step: Step, said: Step | None) -> bool:
    return said is None or STEPS.index(step) > STEPS.index(said)


def _step_after(said: Step | None) -> Step | None:
    following = STEPS if said is None else STEPS[STEPS.index(said) + 1 :]
    return following[0] if following else None


def _distance(step: Step, steps: StepPolicy) -> timedelta:
    match step:
        case Step.FIRST:
            return timedelta(days=-steps.first_days_before)
        case Step.SECOND:
            return timedelta(days=-steps.second_days_before)
        case Step.OVERDUE:
            return timedelta(days=steps.overdue_days_after)
