"""Appointments."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db.tables import AppointmentRow
from service_reminder.db.vehicles import Key
from service_reminder.domain.appointments import Appointment, AppointmentState


async def add(session: AsyncSession, appointment: Appointment) -> None:
    """Store a new appointment."""
    await session.execute(insert(AppointmentRow).values(_values(appointment)))


async def save(session: AsyncSession, appointment: Appointment) -> None:
    """Write an appointment that this transaction has locked."""
    statement = update(AppointmentRow).where(
        AppointmentRow.dealer_id == appointment.dealer_id, AppointmentRow.appointment_id == appointment.appointment_id
    )
    await session.execute(statement.values(_values(appointment)))


async def find(session: AsyncSession, dealer_id: UUID, appointment_id: UUID) -> Appointment | None:
    """Read a dealer's appointment."""
    row = (await session.execute(_one(dealer_id, appointment_id))).one_or_none()
    return _appointment(row) if row else None


async def lock(session: AsyncSession, dealer_id: UUID, appointment_id: UUID) -> Appointment | None:
    """Lock a dealer's appointment."""
    row = (await session.execute(_one(dealer_id, appointment_id).with_for_update())).one_or_none()
    return _appointment(row) if row else None


async def listed(
    session: AsyncSession,
    dealer_id: UUID,
    *,
    stores: Collection[UUID] | None,
    store_id: UUID | None,
    vehicle_id: UUID | None,
    state: AppointmentState | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Appointment]:
    """Read a dealer's appointments by the time they start, from behind `after` on."""
    query = select(AppointmentRow.__table__).where(AppointmentRow.dealer_id == dealer_id)
    if stores is not None:
        query = query.where(AppointmentRow.store_id.in_(stores))
    if store_id:
        query = query.where(AppointmentRow.store_id == store_id)
    if vehicle_id:
        query = query.where(AppointmentRow.vehicle_id == vehicle_id)
    if state:
        query = query.where(AppointmentRow.state == state)
    if after:
        query = query.where(tuple_(AppointmentRow.starts_at, AppointmentRow.appointment_id) > after)
    rows = await session.execute(query.order_by(AppointmentRow.starts_at, AppointmentRow.appointment_id).limit(limit))
    return [_appointment(row) for row in rows]


_EXPIRE = text("""
WITH expired AS (
    SELECT dealer_id, appointment_id FROM appointment
    WHERE held_until <= :now ORDER BY held_until LIMIT :most FOR UPDATE SKIP LOCKED
), freed AS (
    DELETE FROM slot_claim AS c USING expired AS e
    WHERE c.dealer_id = e.dealer_id AND c.appointment_id = e.appointment_id
)
UPDATE appointment AS a SET state = :expired, held_until = NULL, version = version + 1
FROM expired AS e WHERE a.dealer_id = e.dealer_id AND a.appointment_id = e.appointment_id
""")


async def expire_holds(session: AsyncSession, *, now: datetime, most: int) -> int:
    """Free the slots of up to `most` holds that ran out and return how many there were."""
    done = await session.execute(_EXPIRE, {"now": now, "most": most, "expired": AppointmentState.EXPIRED.value})
    return int(getattr(done, "rowcount", 0))


_CANCEL_OTHERS = text("""
WITH ended AS (
    SELECT a.* FROM appointment AS a
    JOIN unnest(CAST(:dealers AS uuid[]), CAST(:vehicles AS uuid[]), CAST(:owners AS uuid[]))
         AS v (dealer_id, vehicle_id, owner_id) USING (dealer_id, vehicle_id)
    WHERE a.state IN ('held', 'booked') AND a.starts_at > :now AND a.customer_id IS DISTINCT FROM v.owner_id
    ORDER BY a.dealer_id, a.appointment_id FOR UPDATE OF a
), freed AS (
    DELETE FROM slot_claim AS c USING ended AS e
    WHERE c.dealer_id = e.dealer_id AND c.appointment_id = e.appointment_id
), cancelled AS (
    UPDATE appointment AS a SET state = 'cancelled', held_until = NULL, version = a.version + 1
    FROM ended AS e WHERE a.dealer_id = e.dealer_id AND a.appointment_id = e.appointment_id
)
SELECT * FROM ended
""")


async def cancel_others(
    session: AsyncSession, owners: Mapping[Key, UUID | None], *, now: datetime
) -> list[Appointment]:
    """Cancel the open appointments of each vehicle that start after `now` and are not its owner's; free their slots.

    The owner is None where the vehicle is nobody's. Returns the appointments as they were.
    """
    asked = {
        "dealers": [dealer_id for dealer_id, _ in owners],
        "vehicles": [vehicle_id for _, vehicle_id in owners],
        "owners": list(owners.values()),
    }
    return [_appointment(row) for row in await session.execute(_CANCEL_OTHERS, {**asked, "now": now})]


def _one(dealer_id: UUID, appointment_id: UUID) -> Select[Any]:
    return select(AppointmentRow.__table__).where(
        AppointmentRow.dealer_id == dealer_id, AppointmentRow.appointment_id == appointment_id
    )


def _values(appointment: Appointment) -> dict[str, Any]:
    return {**asdict(appointment), "items": list(appointment.items)}


def _appointment(row: Any) -> Appointment:
    values = {field.name: getattr(row, field.name) for field in fields(Appointment)}
    return Appointment(**{**values, "state": AppointmentState(row.state), "items": tuple(row.items)})
