"""Give a vehicle back: the invoice stands, and what was done starts its next cycle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events import ServiceCompleted, ServiceLine
from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.commands.remind_owners import Rules, remind_owners, rules_of
from service_reminder.db import reminders as db_reminders
from service_reminder.db import vehicles as db_vehicles
from service_reminder.db import visits as db_visits
from service_reminder.db.vehicles import Tracked
from service_reminder.domain.errors import VehicleNotFound, VisitNotFound
from service_reminder.domain.odometer import Reading, check_workshop_reading
from service_reminder.domain.outlook import look_ahead, serviced
from service_reminder.domain.plans import plan_for
from service_reminder.domain.vehicles import Vehicle, odometer_of, read
from service_reminder.domain.visits import Line, Visit, deliver


@dataclass(frozen=True, slots=True)
class CompleteVisit:
    """A visit ended with this odometer and this invoice."""

    dealer_id: UUID
    visit_id: UUID
    odometer_km: int
    lines: Sequence[Line]
    by: str


async def complete_visit(session: AsyncSession, command: CompleteVisit, *, now: datetime) -> Visit:
    """Close the visit, start the next cycle of every item on the invoice, and publish `ServiceCompleted`.

    Raises:
        VisitNotFound: the dealer has no such visit.
        VisitAlreadyCompleted: it was completed before.
        OdometerGoesBack: the odometer shows less than is known.
        ImplausibleOdometer: it shows more than can have been driven.
    """
    visit = await db_visits.lock(session, command.dealer_id, command.visit_id)
    if visit is None:
        raise VisitNotFound(command.visit_id)
    delivered = deliver(visit, command.lines, odometer_km=command.odometer_km, now=now)
    vehicle = await db_vehicles.lock_registered(session, visit.dealer_id, visit.vehicle_id)
    if vehicle is None:
        raise VehicleNotFound(visit.vehicle_id)
    rules = (await rules_of(session, [visit.dealer_id]))[visit.dealer_id]
    codes = frozenset(line.code for line in command.lines)
    after = _after_service(vehicle, codes, Reading(now, command.odometer_km), rules, now)
    await db_visits.save(session, delivered)
    await db_visits.note_stage(session, delivered, at=now, by=command.by)
    await db_reminders.answer(session, visit.dealer_id, visit.vehicle_id, codes, now=now)
    due = await remind_owners(session, [Tracked(after, Origin.now())], now=now)
    await publish(session, [_completed(delivered, now), *due])
    return delivered


def _after_service(vehicle: Vehicle, codes: frozenset[str], shown: Reading, rules: Rules, now: datetime) -> Vehicle:
    known = vehicle.registration
    if known is None:
        raise VehicleNotFound(vehicle.vehicle_id)
    odometer = odometer_of(vehicle, known, rules.policy)
    check_workshop_reading(odometer, shown, most_km_per_day=rules.policy.visits.most_km_per_day)
    plan = plan_for(rules.plans, known.make, known.model, known.powertrain)
    ahead = look_ahead(read(vehicle, (shown,)), known, plan, rules.policy, now)
    return serviced(ahead, codes, shown, rules.policy)


def _completed(visit: Visit, now: datetime) -> ServiceCompleted:
    return ServiceCompleted(
        dealer_id=visit.dealer_id,
        occurred_at=now,
        vehicle_id=visit.vehicle_id,
        customer_id=visit.customer_id,
        store_id=visit.store_id,
        visit_id=visit.visit_id,
        odometer_km=visit.odometer_km or 0,
        lines=tuple(
            ServiceLine(code=line.code, description=line.description, amount_cents=line.amount_cents)
            for line in visit.lines
        ),
        amount_cents=visit.amount_cents or 0,
        quoted_cents=visit.quoted_cents,
        completed_at=now,
    )
