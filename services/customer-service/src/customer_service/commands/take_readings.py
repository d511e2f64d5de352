"""The part of taking odometer readings that both doors share; it leaves publishing to its caller."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events import MileageUpdated
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.find_trade_ins import find_trade_in
from customer_service.db import readings as db_readings
from customer_service.db import vehicles as db_vehicles
from customer_service.domain.chain import Point
from customer_service.domain.customers import Key
from customer_service.domain.odometer import History, judge
from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.readings import Identity, Outcome, Reading, Status
from customer_service.domain.vehicles import Vehicle

REPEATED = Outcome(Status.REPEATED)
UNKNOWN_VEHICLE = Outcome(Status.UNKNOWN_VEHICLE)
ACCEPTED = Outcome(Status.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcomes in the readings' order, and what is to be said."""

    outcomes: list[Outcome]
    events: list[Event] = field(default_factory=list)


async def take_readings(session: AsyncSession, readings: Sequence[Reading], *, now: datetime) -> Taken:
    """Keep the readings that are new, move the odometers of those accepted, and return what became of each.

    A fixed number of statements, whatever the number of vehicles; these are locked in the order of their ids.
    """
    vehicles = await db_vehicles.lock(session, {reading.vehicle for reading in readings})
    fresh = await _new_ones(session, [reading for reading in readings if reading.vehicle in vehicles])
    if not fresh:
        return Taken([REPEATED if reading.vehicle in vehicles else UNKNOWN_VEHICLE for reading in readings])
    policies = await policy_of(session, {reading.dealer_id for reading in fresh}, CustomerPolicy)
    outcomes = await _judge(session, fresh, vehicles, policies, now=now)
    await db_readings.add(session, [(reading, outcomes[reading.identity]) for reading in fresh], now=now)
    accepted = [reading for reading in fresh if outcomes[reading.identity] is ACCEPTED]
    events = await _move_odometers(session, accepted, vehicles, policies, now=now)
    return Taken([_first_time(outcomes, r) if r.vehicle in vehicles else UNKNOWN_VEHICLE for r in readings], events)


def _first_time(outcomes: dict[Identity, Outcome], reading: Reading) -> Outcome:
    """Return a reading's outcome once; whatever is identical and comes after it is a repeat."""
    return outcomes.pop(reading.identity, REPEATED)


async def _new_ones(session: AsyncSession, readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings that never came before, each once."""
    first = {reading.identity: reading for reading in reversed(readings)}
    known = await db_readings.known(session, list(first)) if first else set()
    return [reading for identity, reading in first.items() if identity not in known]


async def _judge(
    session: AsyncSession,
    readings: Iterable[Reading],
    vehicles: Mapping[Key, Vehicle],
    policies: Mapping[UUID, CustomerPolicy],
    *,
    now: datetime,
) -> dict[Identity, Outcome]:
    """Decide about each reading beside the others of its vehicle and what was accepted before."""
    by_vehicle = _by_vehicle(readings)
    late = [
        (*key, reading.read_at)
        for key, of_vehicle in by_vehicle.items()
        for reading in of_vehicle
        if (newest := vehicles[key].odometer_read_at) and reading.read_at <= newest
    ]
    neighbours = await db_readings.neighbours(session, late)
    outcomes: dict[Identity, Outcome] = {}
    for key, of_vehicle in by_vehicle.items():
        policy = policies[key[0]]
        history = _history_of(vehicles[key], neighbours.get(key, set()), policy)
        reasons = judge([reading.point for reading in of_vehicle], history, policy.odometer, now=now)
        for reading, reason in zip(of_vehicle, reasons, strict=True):
            outcomes[reading.identity] = Outcome(Status.QUARANTINED, reason) if reason else ACCEPTED
    return outcomes


async def _move_odometers(
    session: AsyncSession,
    accepted: Iterable[Reading],
    vehicles: Mapping[Key, Vehicle],
    policies: Mapping[UUID, CustomerPolicy],
    *,
    now: datetime,
) -> list[Event]:
    """Store where odometers stand after the accepted readings; return what is to be said, by vehicle and time."""
    moved: list[Vehicle] = []
    events: list[Event] = []
    for key, of_vehicle in _by_vehicle(accepted).items():
        vehicle = vehicles[key]
        ahead = [reading for reading in of_vehicle if _is_ahead(reading.point, vehicle)]
        if not ahead:
            continue
        events.extend(_mileage_updated(vehicle, reading, now) for reading in ahead)
        vehicle = replace(vehicle, odometer_km=ahead[-1].km, odometer_read_at=ahead[-1].read_at)
        vehicle, trade_in = find_trade_in(vehicle, policies[key[0]], now=now, causation_id=ahead[-1].causation_id)
        events.extend([trade_in] if trade_in else [])
        moved.append(vehicle)
    await db_vehicles.save(session, moved)
    return events


def _by_vehicle(readings: Iterable[Reading]) -> dict[Key, list[Reading]]:
    """Return the readings of each vehicle in order of time; vehicles in the order of their ids."""
    grouped: dict[Key, list[Reading]] = defaultdict(list)
    for reading in readings:
        grouped[reading.vehicle].append(reading)
    return {key: sorted(grouped[key], key=lambda reading: reading.point) for key in sorted(grouped)}


def _history_of(vehicle: Vehicle, neighbours: set[Point], policy: CustomerPolicy) -> History:
    newest = {Point(vehicle.odometer_read_at, vehicle.odometer_km)} if vehicle.odometer_read_at else set()
    return History(policy.start_of(vehicle.purchased_on), vehicle.purchase_km, tuple(neighbours | newest))


def _is_ahead(point: Point, vehicle: Vehicle) -> bool:
    return vehicle.odometer_read_at is None or point > Point(vehicle.odometer_read_at, vehicle.odometer_km)


def _mileage_updated(vehicle: Vehicle, reading: Reading, now: datetime) -> MileageUpdated:
    return MileageUpdated(
        dealer_id=vehicle.dealer_id,
        occurred_at=now,
        causation_id=reading.causation_id,
        vehicle_id=vehicle.vehicle_id,
        customer_id=vehicle.customer_id,
        store_id=vehicle.store_id,
        km=reading.km,
        read_at=reading.read_at,
        reading_source=reading.source,
    )
