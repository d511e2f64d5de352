"""Vehicles: one compact row each, read and written by batch."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from baoke_events.origin import Origin
from sqlalchemy import Row, Select, Uuid, column, func, literal, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db.tables import VehicleRow
from service_reminder.domain.odometer import Reading
from service_reminder.domain.vehicles import Done, ItemHistory, Registration, Step, Vehicle, read

Key = tuple[UUID, UUID]
"""(dealer_id, vehicle_id)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Tracked:
    """A vehicle, when to look at it again, and what made it so: the fact that later reminders go back to."""

    vehicle: Vehicle
    origin: Origin
    next_step_at: datetime | None = None
    unsettled_since: datetime | None = None
    """When the first news came that nobody has looked at."""


_KNOW = text("""
INSERT INTO vehicle (dealer_id, vehicle_id)
SELECT k.dealer_id, k.id FROM unnest(CAST(:dealers AS uuid[]), CAST(:vehicles AS uuid[])) AS k (dealer_id, id)
ORDER BY k.dealer_id, k.id ON CONFLICT DO NOTHING
""")


async def lock(session: AsyncSession, keys: Collection[Key]) -> dict[Key, Tracked]:
    """Lock the vehicles, in key order; a blank row is made for each that is not known yet."""
    ordered = sorted(keys)
    await session.execute(_KNOW, {"dealers": [key[0] for key in ordered], "vehicles": [key[1] for key in ordered]})
    locked = await session.execute(_of(ordered).with_for_update())
    return {(row.dealer_id, row.vehicle_id): _tracked(row) for row in locked}


async def lock_registered(session: AsyncSession, dealer_id: UUID, vehicle_id: UUID) -> Vehicle | None:
    """Lock one vehicle; None unless it is registered."""
    row = (await session.execute(_of([(dealer_id, vehicle_id)]).with_for_update())).one_or_none()
    return _vehicle(row) if row and row.registered_at and not row.is_returned else None


async def find_registered(session: AsyncSession, dealer_id: UUID, vehicle_id: UUID) -> Vehicle | None:
    """Read one vehicle; None unless it is registered."""
    row = (await session.execute(_of([(dealer_id, vehicle_id)]))).one_or_none()
    return _vehicle(row) if row and row.registered_at and not row.is_returned else None


async def claim_due(session: AsyncSession, *, now: datetime, limit: int) -> list[Tracked]:
    """Lock up to `limit` vehicles whose time has come, longest due first; others' claims are passed over."""
    query = select(VehicleRow.__table__).where(VehicleRow.next_step_at <= now).order_by(VehicleRow.next_step_at)
    rows = await session.execute(query.limit(limit).with_for_update(skip_locked=True))
    return [_tracked(row) for row in rows]


async def lock_page(session: AsyncSession, dealer_id: UUID, *, after: UUID | None, limit: int) -> list[Tracked]:
    """Lock a dealer's next registered vehicles by id."""
    query = select(VehicleRow.__table__).where(VehicleRow.dealer_id == dealer_id, VehicleRow.registered_at.is_not(None))
    if after:
        query = query.where(VehicleRow.vehicle_id > after)
    rows = await session.execute(query.order_by(VehicleRow.vehicle_id).limit(limit).with_for_update())
    return [_tracked(row) for row in rows]


_SAVE = text("""
UPDATE vehicle SET
    customer_id = r.customer_id, store_id = r.store_id, vin = r.vin, make = r.make, model = r.model,
    powertrain = r.powertrain, purchased_on = r.purchased_on, odometer_km = r.odometer_km,
    registered_at = r.registered_at, is_returned = r.is_returned, returned_at = r.returned_at,
    severe_use = r.severe_use, readings = r.readings, entry_at = r.entry_at,
    entry_km = r.entry_km, history = r.history, heard = '[]', unsettled_since = r.unsettled_since,
    next_step_at = r.next_step_at, causation_id = r.causation_id,
    correlation_id = r.correlation_id, traceparent = r.traceparent
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
    dealer_id uuid, vehicle_id uuid, customer_id uuid, store_id uuid, vin text, make text, model text,
    powertrain text, purchased_on date, odometer_km int, registered_at timestamptz, is_returned boolean,
    returned_at timestamptz, severe_use boolean,
    readings jsonb, entry_at timestamptz, entry_km int, history jsonb, unsettled_since timestamptz,
    next_step_at timestamptz, causation_id uuid, correlation_id uuid, traceparent text
)
WHERE vehicle.dealer_id = r.dealer_id AND vehicle.vehicle_id = r.vehicle_id
""")


async def save(session: AsyncSession, tracked: Sequence[Tracked]) -> None:
    """Write vehicles that this transaction has locked, all in one statement. Nothing that was heard waits any more."""
    if tracked:
        await session.execute(_SAVE, {"rows": json.dumps([_values(one) for one in tracked], default=_json)})


def stored(readings: Iterable[Reading]) -> list[tuple[int, int]]:
    """Return readings as a row keeps them: microseconds since 1970, and kilometres."""
    return [((reading.read_at - _EPOCH) // _MICROSECOND, reading.km) for reading in readings]


def _of(keys: Sequence[Key]) -> Select[Any]:
    dealers, vehicles = ([key[place] for key in keys] for place in (0, 1))
    wanted = (
        func.unnest(_uuids(dealers), _uuids(vehicles))
        .table_valued(column("dealer_id", Uuid), column("id", Uuid))
        .render_derived()
    )
    return (
        select(VehicleRow.__table__)
        .where(tuple_(VehicleRow.dealer_id, VehicleRow.vehicle_id).in_(select(wanted.c.dealer_id, wanted.c.id)))
        .order_by(VehicleRow.dealer_id, VehicleRow.vehicle_id)
    )


def _tracked(row: Row[Any]) -> Tracked:
    origin = Origin(row.causation_id, row.correlation_id, row.traceparent)
    return Tracked(_vehicle(row), origin, row.next_step_at, row.unsettled_since)


def _vehicle(row: Row[Any]) -> Vehicle:
    known = Vehicle(
        dealer_id=row.dealer_id,
        vehicle_id=row.vehicle_id,
        registration=_registration(row) if row.registered_at and not row.is_returned else None,
        former=_registration(row) if row.registered_at and row.is_returned else None,
        returned_at=row.returned_at,
        severe_use=row.severe_use,
        readings=_readings(row.readings),
        entry=Reading(row.entry_at, row.entry_km) if row.entry_at else None,
        history={code: _history(entry) for code, entry in row.history.items()},
    )
    return read(known, _readings(row.heard)) if row.heard else known


def _readings(stored: Iterable[tuple[int, int]]) -> tuple[Reading, ...]:
    return tuple(Reading(_EPOCH + micros * _MICROSECOND, km) for micros, km in stored)


def _registration(row: Row[Any]) -> Registration:
    return Registration(
        customer_id=row.customer_id,
        store_id=row.store_id,
        vin=row.vin,
        make=row.make,
        model=row.model,
        powertrain=row.powertrain,
        purchased_on=row.purchased_on,
        odometer_km=row.odometer_km,
        registered_at=row.registered_at,
    )


def _history(entry: Mapping[str, Any]) -> ItemHistory:
    done = entry.get("done")
    return ItemHistory(
        cycle=entry["cycle"],
        reminded=Step(entry["reminded"]) if entry.get("reminded") else None,
        done=Done(date.fromisoformat(done["on"]), done["km"], done["cycle"]) if done else None,
    )


def _values(tracked: Tracked) -> dict[str, Any]:
    vehicle, origin = tracked.vehicle, tracked.origin
    known = vehicle.registration or vehicle.former
    registration = {name: getattr(known, name) for name in Registration.__slots__} if known else {}
    return {
        **registration,
        "dealer_id": vehicle.dealer_id,
        "vehicle_id": vehicle.vehicle_id,
        "is_returned": vehicle.former is not None,
        "returned_at": vehicle.returned_at,
        "severe_use": vehicle.severe_use,
        "readings": stored(vehicle.readings),
        "entry_at": vehicle.entry.read_at if vehicle.entry else None,
        "entry_km": vehicle.entry.km if vehicle.entry else None,
        "history": {code: _entry(history) for code, history in vehicle.history.items()},
        "unsettled_since": tracked.unsettled_since,
        "next_step_at": tracked.next_step_at,
        "causation_id": origin.causation_id,
        "correlation_id": origin.correlation_id,
        "traceparent": origin.traceparent,
    }


def _entry(history: ItemHistory) -> dict[str, Any]:
    done = history.done
    return {
        "cycle": history.cycle,
        **({"reminded": history.reminded} if history.reminded else {}),
        **({"done": {"on": done.on, "km": done.km, "cycle": done.cycle}} if done else {}),
    }


def _json(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a vehicle's row")


def _uuids(values: Iterable[UUID]) -> Any:
    return literal(list(values), ARRAY(Uuid))
