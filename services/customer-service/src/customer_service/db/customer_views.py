"""What is shown of customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db import customers as db_customers
from customer_service.db.vehicles import COLUMNS, vehicle_of
from customer_service.domain.customers import Customer
from customer_service.domain.vehicles import Vehicle

_OF_STORES = "(CAST(:stores AS uuid[]) IS NULL OR customer.store_id = ANY(CAST(:stores AS uuid[])))"
_SHOWN = f"{db_customers.COLUMNS}, customer.segment"
_FIND = text(f"""
SELECT {_SHOWN} FROM customer
WHERE customer.dealer_id = :dealer_id AND customer.customer_id = :customer_id AND {_OF_STORES}
""")
_SEARCH = f"""
SELECT {_SHOWN} FROM customer
WHERE customer.dealer_id = :dealer_id AND {_OF_STORES}
  AND (CAST(:before AS timestamptz) IS NULL
       OR (customer.registered_at, customer.customer_id) < (:before, CAST(:before_id AS uuid)))
  {{filters}}
ORDER BY customer.registered_at DESC, customer.customer_id DESC LIMIT :limit
"""
_FILTERS = {
    "phone": "AND customer.phone = :phone",
    "name": "AND lower(customer.name) LIKE :name",
    "vin": """AND customer.customer_id IN (
        SELECT vehicle.customer_id FROM vehicle WHERE vehicle.dealer_id = :dealer_id AND vehicle.vin = :vin)""",
}
_VEHICLES = text(f"""
SELECT {COLUMNS} FROM vehicle
WHERE dealer_id = :dealer_id AND customer_id = :customer_id ORDER BY purchased_on DESC, vehicle_id
""")
_VEHICLE = text(f"""
SELECT {COLUMNS} FROM vehicle WHERE dealer_id = :dealer_id AND vehicle_id = :vehicle_id AND customer_id IS NOT NULL
""")
_LEADS = text("SELECT lead_id FROM lead WHERE dealer_id = :dealer_id AND customer_id = :customer_id ORDER BY sold_at")


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer and the segment they are in."""

    customer: Customer
    segment: str


@dataclass(frozen=True, slots=True)
class Sought:
    """What customers are searched by; None is not asked for."""

    phone: str | None = None
    vin: str | None = None
    name: str | None = None
    """The beginning of the name, in any case."""


async def find(
    session: AsyncSession, dealer_id: UUID, customer_id: UUID, *, stores: Sequence[UUID] | None
) -> CustomerView | None:
    """Return the dealer's customer, if there is one and it is of these stores (None: of any)."""
    asked = {"dealer_id": dealer_id, "customer_id": customer_id, "stores": stores}
    row = (await session.execute(_FIND, asked)).one_or_none()
    return None if row is None else _view_of(row)


async def search(
    session: AsyncSession,
    dealer_id: UUID,
    sought: Sought,
    *,
    stores: Sequence[UUID] | None,
    limit: int,
    before: tuple[datetime, UUID] | None,
) -> list[CustomerView]:
    """Return the dealer's customers that fit, of these stores (None: of any), newest first."""
    values = {"phone": sought.phone, "vin": sought.vin, "name": sought.name and _prefix(sought.name)}
    given = {name: value for name, value in values.items() if value is not None}
    at, customer_id = before or (None, None)
    statement = text(_SEARCH.format(filters=" ".join(_FILTERS[name] for name in given)))
    asked = {"dealer_id": dealer_id, "stores": stores, "before": at, "before_id": customer_id, "limit": limit, **given}
    return [_view_of(row) for row in await session.execute(statement, asked)]


async def vehicles_of(session: AsyncSession, dealer_id: UUID, customer_id: UUID) -> list[Vehicle]:
    """Return a customer's vehicles, the youngest purchase first."""
    rows = await session.execute(_VEHICLES, {"dealer_id": dealer_id, "customer_id": customer_id})
    return [vehicle_of(row) for row in rows]


async def find_vehicle(session: AsyncSession, dealer_id: UUID, vehicle_id: UUID) -> Vehicle | None:
    """Return the dealer's vehicle, if there is one and it is somebody's."""
    row = (await session.execute(_VEHICLE, {"dealer_id": dealer_id, "vehicle_id": vehicle_id})).one_or_none()
    return None if row is None else vehicle_of(row)


async def leads_of(session: AsyncSession, dealer_id: UUID, customer_id: UUID) -> list[UUID]:
    """Return the leads the customer was, oldest sale first."""
    found = await session.scalars(_LEADS, {"dealer_id": dealer_id, "customer_id": customer_id})
    return list(found)


def _prefix(name: str) -> str:
    """Return the pattern of what begins so."""
    return "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in name.lower()) + "%"


def _view_of(row: Any) -> CustomerView:
    return CustomerView(db_customers.customer_of(row), row.segment)
