"""Take down a complaint; from now on a callback is owed."""

from datetime import datetime, timedelta
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events import ComplaintOpened
from baoke_events.consuming import Origin
from baoke_events.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.announce import announce
from customer_service.commands.decide_churn import decide_churn
from customer_service.db import complaints as db_complaints
from customer_service.db import customers as db_customers
from customer_service.db import vehicles as db_vehicles
from customer_service.domain.complaints import Complaint, escalates_at
from customer_service.domain.customers import Key
from customer_service.domain.errors import CustomerNotFound, VehicleNotFound
from customer_service.domain.policy import CustomerPolicy


async def open_complaint(
    session: AsyncSession,
    customer: Key,
    *,
    store_id: UUID | None,
    vehicle_id: UUID | None,
    topic: str,
    description: str | None,
    now: datetime,
) -> Complaint:
    """Keep the complaint and say so. Without a store it is the customer's own store that answers it.

    Raises:
        CustomerNotFound: the dealer has no such customer.
        VehicleNotFound: the vehicle is not this customer's.
    """
    found = (await db_customers.lock(session, [customer])).get(customer)
    if found is None:
        raise CustomerNotFound(customer[1])
    await _require_own_vehicle(session, customer, vehicle_id)
    rules = (await policy_of(session, [customer[0]], CustomerPolicy))[customer[0]].complaints
    complaint = Complaint(
        dealer_id=customer[0],
        complaint_id=uuid7(),
        customer_id=customer[1],
        store_id=store_id or found.store_id,
        vehicle_id=vehicle_id,
        topic=topic,
        description=description,
        opened_at=now,
        callback_due_at=now + timedelta(hours=rules.callback_due_h),
        called_back_at=None,
        callback_note=None,
        resolved_at=None,
        resolution=None,
        level=0,
    )
    await db_complaints.add(session, complaint, escalate_at=escalates_at(complaint, rules), origin=Origin.now())
    churn = await decide_churn(session, {customer: None}, because="complaint", now=now)
    await announce(session, [_opened(complaint), *churn])
    return complaint


async def _require_own_vehicle(session: AsyncSession, customer: Key, vehicle_id: UUID | None) -> None:
    if vehicle_id is not None:
        vehicle = (await db_vehicles.lock(session, [(customer[0], vehicle_id)])).get((customer[0], vehicle_id))
        if vehicle is None or vehicle.customer_id != customer[1]:
            raise VehicleNotFound(vehicle_id)


def _opened(complaint: Complaint) -> ComplaintOpened:
    return ComplaintOpened(
        dealer_id=complaint.dealer_id,
        occurred_at=complaint.opened_at,
        customer_id=complaint.customer_id,
        store_id=complaint.store_id,
        complaint_id=complaint.complaint_id,
        topic_of_complaint=complaint.topic,
        callback_due_at=complaint.callback_due_at,
    )
