"""Reminders as they were sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db.tables import ReminderItemRow, ReminderRow
from service_reminder.domain.reminders import Reminder, ReminderState
from service_reminder.domain.vehicles import Registration, Step


@dataclass(frozen=True, slots=True)
class NewReminder:
    """A reminder about to be sent to a vehicle's owner."""

    dealer_id: UUID
    reminder_id: UUID
    vehicle_id: UUID
    registration: Registration
    odometer_km: int
    reminder: Reminder


@dataclass(frozen=True, slots=True)
class SentItem:
    """One item as the owner was reminded of it."""

    code: str
    cycle: int
    step: Step
    due_on: date
    due_km: int | None
    because: str


@dataclass(frozen=True, slots=True)
class SentReminder:
    """A reminder that went out."""

    reminder_id: UUID
    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID
    step: Step
    state: ReminderState
    due_on: date
    odometer_km: int
    items: tuple[SentItem, ...]
    sent_at: datetime
    answered_at: datetime | None


async def add(session: AsyncSession, reminders: Sequence[NewReminder], *, now: datetime) -> None:
    """Store reminders as sent.

    Raises:
        sqlalchemy.exc.IntegrityError: a step of an item's cycle was said before. The vehicle's history, which is
            locked, rules that out; the unique key holds if it should ever be wrong.
    """
    if not reminders:
        return
    await session.execute(insert(ReminderRow), [_row(new, now) for new in reminders])
    await session.execute(insert(ReminderItemRow), [row for new in reminders for row in _item_rows(new)])


async def answer(
    session: AsyncSession, dealer_id: UUID, vehicle_id: UUID, codes: Collection[str], *, now: datetime
) -> None:
    """Mark a vehicle's open reminders of any of these items as answered by a visit."""
    statement = update(ReminderRow).where(
        ReminderRow.dealer_id == dealer_id,
        ReminderRow.vehicle_id == vehicle_id,
        ReminderRow.state == ReminderState.SENT,
        ReminderRow.codes.overlap(list(codes)),
    )
    await session.execute(statement.values(state=ReminderState.ANSWERED, answered_at=now))


async def newest(
    session: AsyncSession,
    dealer_id: UUID,
    *,
    stores: Collection[UUID] | None,
    vehicle_id: UUID | None,
    state: ReminderState | None,
    before: UUID | None,
    limit: int,
) -> list[SentReminder]:
    """Read a dealer's reminders, newest first, from below the id `before`."""
    query = select(ReminderRow.__table__).where(ReminderRow.dealer_id == dealer_id)
    if stores is not None:
        query = query.where(ReminderRow.store_id.in_(stores))
    if vehicle_id:
        query = query.where(ReminderRow.vehicle_id == vehicle_id)
    if state:
        query = query.where(ReminderRow.state == state)
    if before:
        query = query.where(ReminderRow.reminder_id < before)
    rows = await session.execute(query.order_by(ReminderRow.reminder_id.desc()).limit(limit))
    return [_sent(row) for row in rows]


def _row(new: NewReminder, now: datetime) -> dict[str, Any]:
    return {
        "dealer_id": new.dealer_id,
        "reminder_id": new.reminder_id,
        "vehicle_id": new.vehicle_id,
        "customer_id": new.registration.customer_id,
        "store_id": new.registration.store_id,
        "step": new.reminder.step,
        "state": ReminderState.SENT,
        "due_on": new.reminder.due_on,
        "odometer_km": new.odometer_km,
        "items": [_item(one) for one in _items(new.reminder)],
        "codes": [one.code for one in _items(new.reminder)],
        "sent_at": now,
    }


def _item_rows(new: NewReminder) -> list[dict[str, Any]]:
    return [
        {
            "dealer_id": new.dealer_id,
            "vehicle_id": new.vehicle_id,
            "code": one.code,
            "cycle": one.cycle,
            "step": one.step,
            "reminder_id": new.reminder_id,
        }
        for one in _items(new.reminder)
    ]


def _items(reminder: Reminder) -> list[SentItem]:
    return [
        SentItem(
            code=one.outlook.item.code,
            cycle=one.outlook.cycle,
            step=one.step,
            due_on=one.due_on,
            due_km=one.outlook.target.km if one.outlook.target else None,
            because=one.outlook.projection.because if one.outlook.projection else "",
        )
        for one in reminder.items
    ]


def _item(item: SentItem) -> dict[str, Any]:
    return {
        "code": item.code,
        "cycle": item.cycle,
        "step": item.step,
        "due_on": item.due_on.isoformat(),
        "due_km": item.due_km,
        "because": item.because,
    }


def _sent(row: Any) -> SentReminder:
    return SentReminder(
        reminder_id=row.reminder_id,
        vehicle_id=row.vehicle_id,
        customer_id=row.customer_id,
        store_id=row.store_id,
        step=Step(row.step),
        state=ReminderState(row.state),
        due_on=row.due_on,
        odometer_km=row.odometer_km,
        items=tuple(
            SentItem(
                item["code"],
                item["cycle"],
                Step(item["step"]),
                date.fromisoformat(item["due_on"]),
                item["due_km"],
                item["because"],
            )
            for item in row.items
        ),
        sent_at=row.sent_at,
        answered_at=row.answered_at,
    )
