"""Say what is due, and know when to look again. Every command that moves a due date ends here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events import DueItem, MaintenanceDue
from baoke_events.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db import plans as db_plans
from service_reminder.db import reminders as db_reminders
from service_reminder.db import vehicles as db_vehicles
from service_reminder.db.reminders import NewReminder
from service_reminder.db.vehicles import Tracked
from service_reminder.domain.plans import Plan
from service_reminder.domain.policy import ReminderPolicy
from service_reminder.domain.reminders import Attended, RemindedItem, attend
from service_reminder.domain.vehicles import odometer_of


@dataclass(frozen=True, slots=True)
class Rules:
    """What one dealer goes by."""

    policy: ReminderPolicy
    plans: tuple[Plan, ...]


async def rules_of(session: AsyncSession, dealer_ids: Iterable[UUID]) -> dict[UUID, Rules]:
    """Load each dealer's policy and plans in force."""
    wanted = set(dealer_ids)
    policies = await policy_of(session, wanted, ReminderPolicy)
    plans = await db_plans.plans_of(session, wanted)
    return {dealer_id: Rules(policies[dealer_id], plans[dealer_id]) for dealer_id in wanted}


async def remind_owners(session: AsyncSession, tracked: Sequence[Tracked], *, now: datetime) -> list[MaintenanceDue]:
    """Save the locked vehicles with everything due said, and return the events to publish.

    Runs inside the caller's transaction and publishes nothing itself, so that a command publishes once, in its order.
    A step that was said before is in the vehicle's history and is not said again, whatever is replayed.
    """
    rules = await rules_of(session, {one.vehicle.dealer_id for one in tracked})
    attended = [(one, _attend(one, rules[one.vehicle.dealer_id], now)) for one in tracked]
    await db_vehicles.save(session, [Tracked(after.vehicle, one.origin, after.next_step_at) for one, after in attended])
    said = [(one, new) for one, after in attended for new in _new_reminders(after, rules[one.vehicle.dealer_id].policy)]
    await db_reminders.add(session, [new for _, new in said], now=now)
    return [_due(one, new, now) for one, new in said]


def _attend(tracked: Tracked, rules: Rules, now: datetime) -> Attended:
    return attend(tracked.vehicle, rules.plans, rules.policy, now)


def _new_reminders(after: Attended, policy: ReminderPolicy) -> list[NewReminder]:
    vehicle, known = after.vehicle, after.vehicle.registration
    if known is None:
        return []
    shown_km = odometer_of(vehicle, known, policy).now.km
    return [
        NewReminder(vehicle.dealer_id, uuid7(), vehicle.vehicle_id, known, shown_km, reminder)
        for reminder in after.reminders
    ]


def _due(tracked: Tracked, new: NewReminder, now: datetime) -> MaintenanceDue:
    return MaintenanceDue(
        dealer_id=new.dealer_id,
        occurred_at=now,
        causation_id=tracked.origin.causation_id,
        correlation_id=tracked.origin.correlation_id,
        traceparent=tracked.origin.traceparent,
        vehicle_id=new.vehicle_id,
        customer_id=new.registration.customer_id,
        store_id=new.registration.store_id,
        reminder_id=new.reminder_id,
        step=new.reminder.step,
        items=tuple(_due_item(item) for item in new.reminder.items),
        due_on=new.reminder.due_on,
        odometer_km=new.odometer_km,
    )


def _due_item(reminded: RemindedItem) -> DueItem:
    item, target, projection = reminded.outlook.item, reminded.outlook.target, reminded.outlook.projection
    return DueItem(
        code=item.code,
        name_zh=item.name_zh,
        name_en=item.name_en,
        due_on=reminded.due_on,
        due_km=target.km if target else None,
        because=projection.because if projection else "time",
    )
