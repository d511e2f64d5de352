"""The part of taking odometer readings that both doors share; it leaves publishing to its caller."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events import MileageUpdated, TradeInCandidateFound
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.find_trade_ins import find_trade_in
from customer_service.db import readings as db_readings
from customer_service.db import vehicles as db_vehicles
from customer_service.domain.chain import Point
from customer_service.domain.customers import Key
from customer_service.domain.odometer import History, Reason, judge
from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.readings import Outcome, Reading, Status
from customer_service.domain.vehicles import Vehicle

REPEATED = Outcome(Status.REPEATED)
UNKNOWN_VEHICLE = Outcome(Status.UNKNOWN_VEHICLE)
ACCEPTED = Outcome(Status.ACCEPTED)
QUARANTINED = {reason: Outcome(Status.QUARANTINED, reason) for reason in Reason}

Places = list[int]
"""Where some of the readings stand in the batch. A batch is grouped and judged by place: to hash the readings or their
ids again and again took a fifth of the time."""


class Move(NamedTuple):
    """An odometer that goes on: its vehicle as it is from now on, the readings that moved it, and what they show."""

    vehicle: Vehicle
    ahead: Sequence[Reading]
    trade_in: TradeInCandidateFound | None


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcomes in the readings' order, and the odometers that go on, which are to be stored and told of."""

    outcomes: list[Outcome]
    moves: list[Move] = field(default_factory=list)


async def take_readings(session: AsyncSession, readings: Sequence[Reading], *, now: datetime) -> Taken:
    """Keep the readings that are new, and return what became of each and which odometers those accepted move.

    A fixed number of statements, whatever the number of vehicles; these are locked in the order of their ids.
    """
    by_vehicle = _by_vehicle(readings)
    vehicles = await db_vehicles.lock(session, by_vehicle)
    here = [(vehicle, by_vehicle[key]) for key, vehicle in vehicles.items()]
    outcomes = [REPEATED if reading.vehicle in vehicles else UNKNOWN_VEHICLE for reading in readings]
    if not here:
        return Taken(outcomes)
    policies = await policy_of(session, {vehicle.dealer_id for vehicle, _ in here}, CustomerPolicy)
    await _judge(session, readings, here, policies, outcomes, now=now)
    moves = [
        _move(vehicle, ahead, policies[vehicle.dealer_id], now=now)
        for vehicle, places in here
        if (ahead := [r for p in places if outcomes[p] is ACCEPTED and _is_ahead(r := readings[p], vehicle)])
    ]
    return Taken(outcomes, moves)


async def move_odometers(session: AsyncSession, moves: Sequence[Move], *, now: datetime) -> list[Event]:
    """Store where odometers stand; return what is to be said, by vehicle and time."""
    if moves:
        await db_vehicles.move_odometers(session, [move.vehicle for move in moves])
    told = ([*(mileage_updated(m.vehicle, reading, now) for reading in m.ahead), m.trade_in] for m in moves)
    return [event for events in told for event in events if event]


async def _judge(
    session: AsyncSession,
    readings: Sequence[Reading],
    here: Sequence[tuple[Vehicle, Places]],
    policies: Mapping[UUID, CustomerPolicy],
    outcomes: list[Outcome],
    *,
    now: datetime,
) -> None:
    """Keep what is new and decide about it, beside the others of its vehicle and what was accepted before."""
    neighbours = await db_readings.neighbours(session, _late(readings, here))
    repeated = await db_readings.add(session, [readings[p] for _, places in here for p in places], now=now)
    for vehicle, places in here:
        fresh = [p for p in places if readings[p].identity not in repeated] if repeated else places
        policy = policies[vehicle.dealer_id]
        around = neighbours.get(vehicle.key, set()) if neighbours else set()
        history = _history_of(vehicle, around, policy)
        reasons = judge([readings[p].point for p in fresh], history, policy.odometer, now=now)
        for place, reason in zip(fresh, reasons, strict=True):
            outcomes[place] = QUARANTINED[reason] if reason else ACCEPTED
    doubted = [(r, outcome.reason) for r, outcome in zip(readings, outcomes, strict=True) if outcome.reason]
    await db_readings.quarantine(session, doubted)


def _late(readings: Sequence[Reading], here: Iterable[tuple[Vehicle, Places]]) -> list[Reading]:
    """Return the readings that are not later than where their vehicle's odometer stands."""
    return [
        readings[place]
        for vehicle, places in here
        if vehicle.odometer_read_at
        for place in places
        if readings[place].read_at <= vehicle.odometer_read_at
    ]


def _move(vehicle: Vehicle, ahead: Sequence[Reading], policy: CustomerPolicy, *, now: datetime) -> Move:
    newest = ahead[-1]
    after = vehicle._replace(odometer_km=newest.km, odometer_read_at=newest.read_at)
    after, trade_in = find_trade_in(after, policy, now=now, causation_id=newest.causation_id)
    return Move(after, ahead, trade_in)


def _by_vehicle(readings: Sequence[Reading]) -> dict[Key, Places]:
    """Return where the readings of each vehicle are, in order of time; of identical ones the first."""
    grouped: dict[Key, Places] = {}
    for place, reading in enumerate(readings):
        grouped.setdefault(reading.vehicle, []).append(place)
    return {key: places if len(places) == 1 else _first_of_each(readings, places) for key, places in grouped.items()}


def _first_of_each(readings: Sequence[Reading], places: Places) -> Places:
    first = {readings[place].identity: place for place in reversed(places)}
    return sorted(first.values(), key=lambda place: readings[place].point)


def _history_of(vehicle: Vehicle, neighbours: set[Point], policy: CustomerPolicy) -> History:
    newest = {Point(vehicle.odometer_read_at, vehicle.odometer_km)} if vehicle.odometer_read_at else set()
    return History(policy.start_of(vehicle.purchased_on), vehicle.purchase_km, tuple(neighbours | newest))


def _is_ahead(reading: Reading, vehicle: Vehicle) -> bool:
    newest = vehicle.odometer_read_at
    return newest is None or (reading.read_at, reading.km) > (newest, vehicle.odometer_km)


def mileage_updated(vehicle: Vehicle, reading: Reading, now: datetime) -> MileageUpdated:
    """What is said of a reading that moves its vehicle's odometer."""
    return MileageUpdated(
        dealer_id=vehicle.dealer_id,
        occurred_at=now,
        causation_id=reading.causation_id,
        vehicle_id=vehicle.vehicle_id,
        customer_id=vehicle.owner_id,
        store_id=vehicle.store_id,
        km=reading.km,
        read_at=reading.read_at,
        reading_source=reading.source,
    )
