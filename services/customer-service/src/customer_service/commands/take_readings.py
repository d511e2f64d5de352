"""The part of taking odometer readings that both doors share; it leaves publishing to its caller."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
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
from customer_service.domain.odometer import History, Reason, judge
from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.readings import Identity, Outcome, Reading, Status
from customer_service.domain.vehicles import Vehicle

REPEATED = Outcome(Status.REPEATED)
UNKNOWN_VEHICLE = Outcome(Status.UNKNOWN_VEHICLE)
ACCEPTED = Outcome(Status.ACCEPTED)
QUARANTINED = {reason: Outcome(Status.QUARANTINED, reason) for reason in Reason}

Verdicts = dict[Key, list[tuple[Reading, Reason | None]]]
"""Each vehicle's new readings in order of time, and why one is not believed; vehicles in the order of their ids."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcomes in the readings' order, and what is to be said."""

    outcomes: list[Outcome]
    events: list[Event] = field(default_factory=list)


async def take_readings(session: AsyncSession, readings: Sequence[Reading], *, now: datetime) -> Taken:
    """Keep the readings that are new, move the odometers of those accepted, and return what became of each.

    A fixed number of statements, whatever the number of vehicles; these are locked in the order of their ids.
    """
    by_vehicle = _by_vehicle(readings)
    vehicles = await db_vehicles.lock(session, by_vehicle)
    if not vehicles:
        return Taken([UNKNOWN_VEHICLE] * len(readings))
    policies = await policy_of(session, {dealer_id for dealer_id, _ in vehicles}, CustomerPolicy)
    verdicts = await _judge(session, by_vehicle, vehicles, policies, now=now)
    events = await _move_odometers(session, verdicts, vehicles, policies, now=now)
    outcomes = {
        reading.identity: QUARANTINED[reason] if reason else ACCEPTED
        for of_vehicle in verdicts.values()
        for reading, reason in of_vehicle
    }
    return Taken([_first_time(outcomes, reading, vehicles) for reading in readings], events)


def _first_time(outcomes: dict[Identity, Outcome], reading: Reading, vehicles: Collection[Key]) -> Outcome:
    """Return a reading's outcome once; whatever is identical and comes after it is a repeat."""
    first = outcomes.pop(reading.identity, None)
    return first or (REPEATED if reading.vehicle in vehicles else UNKNOWN_VEHICLE)


async def _judge(
    session: AsyncSession,
    by_vehicle: Mapping[Key, Sequence[Reading]],
    vehicles: Mapping[Key, Vehicle],
    policies: Mapping[UUID, CustomerPolicy],
    *,
    now: datetime,
) -> Verdicts:
    """Keep what is new and decide about it, beside the others of its vehicle and what was accepted before."""
    here = {key: by_vehicle[key] for key in vehicles}
    neighbours = await db_readings.neighbours(session, _late(here, vehicles))
    repeated = await db_readings.add(session, [reading for of in here.values() for reading in of], now=now)
    verdicts: Verdicts = {}
    for key, of_vehicle in here.items():
        fresh = [reading for reading in of_vehicle if reading.identity not in repeated] if repeated else of_vehicle
        policy = policies[key[0]]
        history = _history_of(vehicles[key], neighbours.get(key, set()), policy)
        reasons = judge([reading.point for reading in fresh], history, policy.odometer, now=now)
        verdicts[key] = list(zip(fresh, reasons, strict=True))
    await db_readings.quarantine(session, [pair for of_vehicle in verdicts.values() for pair in of_vehicle if pair[1]])
    return verdicts


def _late(by_vehicle: Mapping[Key, Sequence[Reading]], vehicles: Mapping[Key, Vehicle]) -> list[Reading]:
    """Return the readings that are not later than where their vehicle's odometer stands."""
    return [
        reading
        for key, of_vehicle in by_vehicle.items()
        if (newest := vehicles[key].odometer_read_at)
        for reading in of_vehicle
        if reading.read_at <= newest
    ]


async def _move_odometers(
    session: AsyncSession,
    verdicts: Verdicts,
    vehicles: Mapping[Key, Vehicle],
    policies: Mapping[UUID, CustomerPolicy],
    *,
    now: datetime,
) -> list[Event]:
    """Store where odometers stand after the accepted readings; return what is to be said, by vehicle and time."""
    moved: list[Vehicle] = []
    events: list[Event] = []
    for key, of_vehicle in verdicts.items():
        vehicle = vehicles[key]
        ahead = [reading for reading, reason in of_vehicle if reason is None and _is_ahead(reading, vehicle)]
        if not ahead:
            continue
        events.extend(_mileage_updated(vehicle, reading, now) for reading in ahead)
        vehicle = vehicle._replace(odometer_km=ahead[-1].km, odometer_read_at=ahead[-1].read_at)
        vehicle, trade_in = find_trade_in(vehicle, policies[key[0]], now=now, causation_id=ahead[-1].causation_id)
        events.extend([trade_in] if trade_in else [])
        moved.append(vehicle)
    await db_vehicles.move_odometers(session, moved)
    return events


def _by_vehicle(readings: Sequence[Reading]) -> dict[Key, list[Reading]]:
    """Return the readings of each vehicle in order of time, each once: the first of those that are identical."""
    grouped: dict[Key, dict[Identity, Reading]] = defaultdict(dict)
    for reading in readings:
        grouped[reading.vehicle].setdefault(reading.identity, reading)
    return {key: sorted(of_vehicle.values(), key=_in_time) for key, of_vehicle in grouped.items()}


_in_time = attrgetter("read_at", "km")


def _history_of(vehicle: Vehicle, neighbours: set[Point], policy: CustomerPolicy) -> History:
    newest = {Point(vehicle.odometer_read_at, vehicle.odometer_km)} if vehicle.odometer_read_at else set()
    return History(policy.start_of(vehicle.purchased_on), vehicle.purchase_km, tuple(neighbours | newest))


def _is_ahead(reading: Reading, vehicle: Vehicle) -> bool:
    newest = vehicle.odometer_read_at
    return newest is None or (reading.read_at, reading.km) > (newest, vehicle.odometer_km)


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
